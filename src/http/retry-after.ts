import type { EffectValues } from '../scenarios/scenario.js'

type Throttle = EffectValues['throttle']

/** The seconds that a throttled client must wait. */
export function secondsOf ({ retryAfter = 1 }: Throttle): number {
  return retryAfter
}

/** The header that tells a throttled client how long to wait. A date is rounded up to a full second. */
export function retryAfterHeader (throttle: Throttle, now: Date): [name: string, value: string] {
  const seconds = secondsOf(throttle)
  switch (throttle.form) {
    case 'ms': return ['retry-after-ms', `${seconds * 1000}`]
    case 'date': return ['Retry-After', new Date(Math.ceil(now.getTime() / 1000 + seconds) * 1000).toUTCString()]
    default: return ['Retry-After', `${seconds}`]
  }
}
