/** A time as most of Azure's views have it: to the millisecond, without trailing zeros. */
export function serviceTime (ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1).replace(/\.?0+$/, '')}+00:00`
}

/** A time as a machine's agent and the handlers on Linux report it: in whole seconds (recorded). */
export function agentTime (ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`
}
