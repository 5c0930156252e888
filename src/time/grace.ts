import { systemClock, type Clock } from './clock.js'

/** Milliseconds that azrun waits for something to end before it goes on without it. */
export const GRACE_PERIOD = 5000

/** The reason to abort a sleep that is no longer needed. `abort()` without one would create an error with a stack. */
export const OVER = 'over'

const REAL_TIME: Iterable<Clock> = [systemClock]

/**
 * The promise's value, or that of `onLate` if `ms` milliseconds pass first on one of the clocks. Default: real time,
 * because the test that moves a virtual clock may be waiting for this promise.
 */
export async function withGrace<Value> (promise: Promise<Value>, ms: number, onLate: () => Value,
  clocks = REAL_TIME): Promise<Value> {
  const over = new AbortController()
  const late = Array.from(clocks, clock => clock.sleep(ms, over.signal).then(onLate))
  // Each sleep that is not needed rejects.
  for (const promise of late) promise.catch(() => {})
  try {
    return await Promise.race([promise, ...late])
  } finally {
    over.abort(OVER)
  }
}
