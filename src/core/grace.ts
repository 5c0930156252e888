import { systemClock, type Clock } from './clock.js'

/** Milliseconds that whatever is to end has to do so, before azrun goes on without it. */
export const GRACE_PERIOD = 5000

/** Why a sleep that nobody needs any more is given up. `abort()` without a reason would make an error with a stack. */
export const OVER = 'over'

const REAL_TIME: Iterable<Clock> = [systemClock]

/**
 * What the promise resolves to; if that takes more than `ms` milliseconds by one of the clocks, what `onLate` returns.
 * Default: of real time, as the owner of a virtual clock may be waiting for this very end.
 */
export async function withGrace<Value> (promise: Promise<Value>, ms: number, onLate: () => Value,
  clocks = REAL_TIME): Promise<Value> {
  const over = new AbortController()
  const late = Array.from(clocks, clock => clock.sleep(ms, over.signal).then(onLate))
  // They reject if they are not needed.
  for (const each of late) each.catch(() => {})
  try {
    return await Promise.race([promise, ...late])
  } finally {
    over.abort(OVER)
  }
}
