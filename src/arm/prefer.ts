/** `async`: 202 and an operation to poll; `immediate`: the request waits for the result. */
export type Respond = 'async' | 'immediate'

export interface Preference {
  /** Milliseconds that the request may wait for its result. */
  readonly wait: number
  /** The value of Preference-Applied: the part of the header that is honoured. */
  readonly applied?: string
}

/** The longest time that a timer can wait, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1

/** The preference of a Prefer header (RFC 7240), else the default. Unknown preferences are ignored, as the RFC says. */
export function preferenceOf (prefer: string | string[] | undefined, respond: Respond): Preference {
  const byDefault = { wait: respond === 'immediate' ? Infinity : 0 }
  if (prefer === undefined) return byDefault
  const asked = new Map<string, string>()
  for (const preference of `${prefer}`.split(',')) {
    const [name, value] = pairOf(preference)
    if (!asked.has(name)) asked.set(name, value)
  }
  const respondAsync = asked.has('respond-async')
  const wait = asked.get('wait')
  if (wait !== undefined && /^\d+$/.test(wait)) {
    const applied = respondAsync ? `respond-async, wait=${wait}` : `wait=${wait}`
    return { wait: Math.min(Number(wait) * 1000, LONGEST_WAIT), applied }
  }
  return respondAsync ? { wait: 0, applied: 'respond-async' } : byDefault
}

/** The name of a preference, in lower case, and its value without quotes. Its parameters are ignored. */
function pairOf (preference: string): [name: string, value: string] {
  const [pair] = preference.split(';', 1) as [string]
  const equals = pair.indexOf('=')
  if (equals === -1) return [pair.trim().toLowerCase(), '']
  const value = pair.slice(equals + 1).trim()
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"')
  return [pair.slice(0, equals).trim().toLowerCase(), isQuoted ? value.slice(1, -1) : value]
}
