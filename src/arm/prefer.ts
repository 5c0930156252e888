import { preferencesIn } from '../http/preferences.js'

/** `async`: 202 and an operation to poll; `immediate`: the request waits for the result. */
export type Respond = 'async' | 'immediate'

export interface Preference {
  /** Milliseconds that the request may wait for its result. */
  readonly wait: number
  /** The part of the header that is honoured, without a scenario. */
  readonly applied?: string
}

/** The longest time that a timer can wait, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1

/** The preference of a Prefer header (RFC 7240), else the default. Unknown preferences are ignored, as the RFC says. */
export function preferenceOf (prefer: string | string[] | undefined, respond: Respond): Preference {
  const byDefault = { wait: respond === 'immediate' ? Infinity : 0 }
  if (prefer === undefined) return byDefault
  const asked = preferencesIn(prefer)
  const respondAsync = asked.has('respond-async')
  const wait = asked.get('wait')
  if (wait !== undefined && /^\d+$/.test(wait)) {
    const applied = respondAsync ? `respond-async, wait=${wait}` : `wait=${wait}`
    return { wait: Math.min(Number(wait) * 1000, LONGEST_WAIT), applied }
  }
  return respondAsync ? { wait: 0, applied: 'respond-async' } : byDefault
}
