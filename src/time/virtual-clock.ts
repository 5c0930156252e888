import { setImmediate } from 'node:timers/promises'
import type { Clock } from './clock.js'
import { millisecondsOf, type Duration } from './duration.js'
import { Sleepers } from './sleepers.js'

/** The last time that an HTTP date can show. */
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

/** The number of sleepers that `untilIdle` wakes by default before it gives up. */
const MAX_WOKEN = 1_000_000

/** `untilIdle` would never end, because something sleeps again whenever it is woken. */
export class NeverIdle extends Error {
  override readonly name = 'NeverIdle'
}

/**
 * A clock that stands still until it is moved: half an hour of Azure takes no time, and the same in every run. A move
 * wakes each sleeper at its due time, in order of due time, then of arrival, and lets it run before the next. The move
 * resolves once everything that it woke has run as far as it can without I/O. A move that is requested during another
 * starts after it.
 */
export class VirtualClock implements Clock {
  #now: number
  readonly #sleepers = new Sleepers()
  /** Resolves when the last move has ended. */
  #moved: Promise<void> = Promise.resolve()

  constructor (start = new Date('2024-03-01T00:00:00Z')) {
    this.#now = checked(timeOf(start))
  }

  now (): Date {
    return new Date(this.#now)
  }

  /** When the first sleeper is due; undefined without sleepers. */
  next (): Date | undefined {
    const { first } = this.#sleepers
    return first && new Date(first.due)
  }

  sleep (ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) { reject(signal.reason); return }
      // Its time has come, though nobody moves the clock.
      if (!(ms > 0)) { resolve(); return }
      const abort = () => {
        remove()
        reject(signal!.reason)
      }
      const wake = () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      const remove = this.#sleepers.add({ due: this.#now + ms, wake })
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** Moves forward by milliseconds, or by a text such as `90m`, `1h30m` or `500ms` (units: d, h, m, s, ms). */
  async advance (duration: Duration): Promise<void> {
    const ms = millisecondsOf(duration)
    if (ms === undefined) {
      throw new RangeError('a virtual clock advances by 0 or more milliseconds, or by a duration such as \'90m\', \'1h30m\' ' +
        `or '500ms', not ${typeof duration === 'string' ? `'${duration}'` : duration}`)
    }
    await this.#inTurn(() => this.#moveTo(this.#now + ms))
  }

  /** Moves forward to a time. Rejects with a `RangeError` if the time has passed. */
  async advanceTo (time: Date): Promise<void> {
    await this.#inTurn(() => this.#moveTo(timeOf(time)))
  }

  /** Moves to the time when the first sleeper is due. Stands still without sleepers. */
  async untilNext (): Promise<void> {
    await this.#inTurn(() => this.#moveTo(this.#sleepers.first?.due ?? this.#now))
  }

  /**
   * Moves until there are no sleepers. Rejects with `NeverIdle` if there still are some after `limit`, by default
   * 1,000,000, were woken: something then sleeps again and again.
   */
  async untilIdle (limit = MAX_WOKEN): Promise<void> {
    await this.#inTurn(async () => {
      for (let woken = 0; this.#sleepers.first !== undefined; woken++) {
        if (woken >= limit) throw new NeverIdle(neverIdle(limit, this.now()))
        checked(this.#sleepers.first.due)
        await this.#wakeFirst()
      }
    })
  }

  async #inTurn (move: () => Promise<void>): Promise<void> {
    const moving = this.#moved.then(async () => {
      // Lets work in progress reach its next sleep, and the caller of the move before see the time at which that ended.
      await setImmediate()
      await move()
    })
    this.#moved = moving.catch(() => {})
    await moving
  }

  async #moveTo (end: number): Promise<void> {
    if (checked(end) < this.#now) {
      throw new RangeError(`a virtual clock moves only forward: it is at ${this.now().toISOString()} and cannot go back to ` +
        new Date(end).toISOString())
    }
    while ((this.#sleepers.first?.due ?? Infinity) <= end) await this.#wakeFirst()
    this.#now = end
  }

  async #wakeFirst (): Promise<void> {
    const { due, wake } = this.#sleepers.take()!
    this.#now = due
    wake()
    await setImmediate()
  }
}

/** The time of a date. Throws for anything else, such as a text: JavaScript programs call this, too. */
function timeOf (date: Date): number {
  if (typeof date?.getTime === 'function') return date.getTime()
  throw new RangeError("a virtual clock needs a Date, such as new Date('2024-03-02T00:00:00Z')")
}

/** Returns the time. Throws if it is invalid or after the last one. */
function checked (time: number): number {
  if (time <= LAST) return time
  throw new RangeError(Number.isNaN(time)
    ? 'a virtual clock needs a valid date, not an invalid one'
    : `a virtual clock ends at ${new Date(LAST).toISOString()}: move it by less`)
}

function neverIdle (limit: number, now: Date): string {
  return `the virtual clock woke ${limit.toLocaleString('en')} sleepers and something still waits: something seems to sleep ` +
    `again whenever it is woken; the clock is now at ${now.toISOString()}: move it by a duration instead`
}
