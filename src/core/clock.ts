import { setTimeout } from 'node:timers/promises'

/** The only source of time: for the times that the emulator shows and for those that it waits. */
export interface Clock {
  now (): Date
  /** Resolves after `ms` milliseconds; rejects as soon as the signal aborts. */
  sleep (ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal })
}
