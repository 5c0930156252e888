/** Is loaded before every server. Reports the CPU time and memory of its process, and ends it with the bench. */
const memoryInUse = () => {
  for (let times = 0; times < 4; times++) globalThis.gc()
  return process.memoryUsage()
}

const meters = {
  cpu: () => {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  heap: () => memoryInUse().heapUsed,
  memory: () => {
    const { heapUsed, arrayBuffers } = memoryInUse()
    return heapUsed + arrayBuffers
  }
}

process.on('message', question => {
  if (Object.hasOwn(meters, question)) process.send(meters[question]())
})
// A server that stops must not wait for more questions.
process.channel.unref()
process.on('disconnect', () => process.exit())
