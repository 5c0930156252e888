/** Loaded before any server: reports what its process has used, and ends with the bench. */
const meters = {
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  heap: () => {
    for (let times = 0; times < 4; times++) globalThis.gc()
    return process.memoryUsage().heapUsed
  }
}

process.on('message', question => {
  if (Object.hasOwn(meters, question)) process.send(meters[question]())
})
// A server that stops must not wait for further questions.
process.channel.unref()
process.on('disconnect', () => process.exit())
