import { systemClock } from './clock.js'

/** Milliseconds that whatever is to end has to do so, before azrun goes on without it. */
export const GRACE_PERIOD = 5000

/**
 * What the promise resolves to; if that takes more than `ms` milliseconds, what `onLate` returns. They are of real
 * time: the owner of a virtual clock may be waiting for this very end.
 */
export async function withGrace<Value> (promise: Promise<Value>, ms: number, onLate: () => Value): Promise<Value> {
  const over = new AbortController()
  const late = systemClock.sleep(ms, over.signal).then(onLate)
  // It rejects if it is not needed.
  late.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } finally {
    over.abort()
  }
}
