/**
 * A time as most of Azure's views have it: in ticks of 100 ns, without trailing zeros (recorded:
 * azcli_power_vm_2024-07-01, net_managed_vm_windows_2021-11-01). The clock here has milliseconds; the further digits
 * are made up, and always the same for a millisecond.
 */
export function serviceTime (ms: number): string {
  const ticks = `${10_000 + ms % 9_973 * 7_919 % 10_000}`.slice(1)
  return `${new Date(ms).toISOString().slice(0, -1)}${ticks}`.replace(/\.?0+$/, '') + '+00:00'
}

/** A time as a machine's agent and the handlers on Linux report it: in whole seconds (recorded). */
export function agentTime (ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`
}
