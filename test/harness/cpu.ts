/** Microseconds of CPU time that this process uses for the work. */
export async function cpuFor (work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
