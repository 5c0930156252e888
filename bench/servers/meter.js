/** Loaded before every server: reports what its process has used, and ends it with the bench. */
const used = () => {
  for (let times = 0; times < 4; times++) globalThis.gc()
  return process.memoryUsage()
}

const meters = {
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  heap: () => used().heapUsed,
  memory: () => {
    const { heapUsed, arrayBuffers } = used()
    return heapUsed + arrayBuffers
  }
}

process.on('message', question => {
  if (Object.hasOwn(meters, question)) process.send(meters[question]())
})
// A server that stops must not wait for more questions.
process.channel.unref()
process.on('disconnect', () => process.exit())
