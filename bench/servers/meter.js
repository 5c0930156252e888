/** Loaded before a server, whatever it is: answers what its process has used, and ends with the bench. */
const answers = {
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
  if (Object.hasOwn(answers, question)) process.send(answers[question]())
})
process.on('disconnect', () => process.exit())
