import { setImmediate, setTimeout } from 'node:timers/promises'

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

interface Sleeper {
  readonly due: number
  wake (): void
}

/** A clock that stands still until `advance` is called: half an hour of Azure takes no time, the same on every run. */
export class VirtualClock implements Clock {
  #now: number
  readonly #sleepers = new Set<Sleeper>()

  constructor (start = new Date('2024-03-01T00:00:00Z')) {
    this.#now = start.getTime()
  }

  now (): Date {
    return new Date(this.#now)
  }

  sleep (ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) { reject(signal.reason); return }
      const abort = () => {
        this.#sleepers.delete(sleeper)
        reject(signal!.reason)
      }
      const sleeper = {
        due: this.#now + ms,
        wake: () => {
          this.#sleepers.delete(sleeper)
          signal?.removeEventListener('abort', abort)
          resolve()
        }
      }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** Moves time forward by `ms`. Wakes each sleeper at its own moment, in order, and lets it run before the next. */
  async advance (ms: number): Promise<void> {
    const end = this.#now + ms
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.due)
      next.wake()
      await setImmediate()
    }
    this.#now = Math.max(this.#now, end)
  }

  #next (end: number): Sleeper | undefined {
    let first: Sleeper | undefined
    for (const sleeper of this.#sleepers) {
      if (sleeper.due <= end && (first === undefined || sleeper.due < first.due)) first = sleeper
    }
    return first
  }
}
