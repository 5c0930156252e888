import type { EffectValues } from '../scenarios/scenario.js'

type Throttle = EffectValues['throttle']

/** Seconds that a throttled client is told to wait. */
export function secondsOf ({ retryAfter = 1 }: Throttle): number {
  return retryAfter
}

/** The header, name and value, by which a throttled client learns how long to wait. A date is never too early. */
export function retryAfterHeader (throttle: Throttle, now: Date): [name: string, value: string] {
  const seconds = secondsOf(throttle)
  switch (throttle.form) {
    case 'ms': return ['retry-after-ms', `${seconds * 1000}`]
    case 'date': return ['Retry-After', new Date(Math.ceil(now.getTime() / 1000 + seconds) * 1000).toUTCString()]
    default: return ['Retry-After', `${seconds}`]
  }
}
