import { systemClock, type Clock } from '../time/clock.js'
import { findRunning, type Selection } from './find-running.js'

/** Milliseconds between two attempts to find azrun. */
const INTERVAL = 100

/** Milliseconds that one attempt may take. */
const ATTEMPT = 5_000

/** Waits until azrun is running, for at most `seconds`. Rejects with the reason of the last attempt. */
export async function healthcheck (selection: Selection, seconds = 0, clock: Clock = systemClock): Promise<void> {
  const end = clock.now().getTime() + seconds * 1000
  for (;;) {
    const left = end - clock.now().getTime()
    try {
      await findRunning(selection, seconds === 0 ? ATTEMPT : Math.max(1, Math.min(left, ATTEMPT)))
      return
    } catch (error) {
      if (left <= INTERVAL) throw seconds === 0 ? error : new Error(`${(error as Error).message}; waited ${seconds} s for it`)
      await clock.sleep(INTERVAL)
    }
  }
}
