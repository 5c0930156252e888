import { preferencesIn } from '../../http/preferences.js'

/** `async`: respond with 202 and an operation to poll. `immediate`: wait for the result. */
export type Respond = 'async' | 'immediate'

export interface Preference {
  /** How long the request may wait for its result, in milliseconds. */
  readonly wait: number
  /** The applied part of the header, except for a scenario. */
  readonly applied?: string
}

/** The longest delay of a timer, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1

/** The preference of a Prefer header (RFC 7240), or the default. The RFC says to ignore unknown preferences. */
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
