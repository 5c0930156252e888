/** `async`: 202 and an operation to poll; `immediate`: the request waits for the result. */
export type Respond = 'async' | 'immediate'

export interface Preference {
  /** Milliseconds that the request may wait for its result. */
  readonly wait: number
  /** What was asked for and is honoured, as Preference-Applied says it. */
  readonly applied?: string
}

/** The longest that a timer can wait. */
const LONGEST_WAIT = 2 ** 31 - 1

/** What the Prefer header asks for (RFC 7240), else the default; what it does not know it ignores, as the RFC says. */
export function preferenceOf (prefer: string | string[] | undefined, respond: Respond): Preference {
  const byDefault = { wait: respond === 'immediate' ? Infinity : 0 }
  if (prefer === undefined) return byDefault
  const asked = new Map<string, string>()
  for (const preference of `${prefer}`.split(',')) {
    const [, name, value = ''] = /^\s*([\w-]+)\s*(?:=\s*"?([^";]*?)"?\s*)?(?:;.*)?$/.exec(preference) ?? []
    if (name !== undefined && !asked.has(name.toLowerCase())) asked.set(name.toLowerCase(), value)
  }
  const respondAsync = asked.has('respond-async')
  const wait = asked.get('wait')
  if (wait !== undefined && /^\d+$/.test(wait)) {
    const applied = respondAsync ? `respond-async, wait=${wait}` : `wait=${wait}`
    return { wait: Math.min(Number(wait) * 1000, LONGEST_WAIT), applied }
  }
  return respondAsync ? { wait: 0, applied: 'respond-async' } : byDefault
}
