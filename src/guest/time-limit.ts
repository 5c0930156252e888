import type { Clock } from '../core/clock.js'

/** A run that is watched. */
export interface TimedRun {
  readonly due: number
  expire (): void
}

/**
 * Ends runs that take too long. All have the same limit, so the oldest is the first to expire, and one sleep, for that
 * one, watches over them all. It begins a turn of the event loop later: most runs have ended by then, and to begin and
 * break off a sleep would cost more than they do.
 */
export class TimeLimit {
  readonly #clock: Clock
  readonly #limit: number
  readonly #runs = new Set<TimedRun>()
  #called = false
  #sleep: AbortController | undefined

  /** `limit` is in milliseconds. */
  constructor (clock: Clock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  /** Calls `expire` unless the run has ended in time. */
  begin (expire: () => void): TimedRun {
    const run = { due: this.#clock.now().getTime() + this.#limit, expire }
    this.#runs.add(run)
    if (!this.#called) {
      this.#called = true
      setImmediate(() => {
        this.#called = false
        this.#watch()
      })
    }
    return run
  }

  end (run: TimedRun): void {
    this.#runs.delete(run)
    if (this.#runs.size === 0) this.#sleep?.abort(ENDED)
  }

  #watch (): void {
    this.#expire()
    const [oldest] = this.#runs
    if (oldest === undefined || this.#sleep !== undefined) return
    this.#sleep = new AbortController()
    const left = oldest.due - this.#clock.now().getTime()
    this.#clock.sleep(left, this.#sleep.signal).catch(() => {}).finally(() => {
      this.#sleep = undefined
      this.#watch()
    })
  }

  #expire (): void {
    const now = this.#clock.now().getTime()
    for (const run of this.#runs) {
      if (run.due > now) return
      this.#runs.delete(run)
      run.expire()
    }
  }
}

/** A reason at hand: without one each abort makes an error of its own. */
const ENDED = new Error('Every run has ended.')
