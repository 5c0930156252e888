import { systemClock } from '../time/clock.js'
import { inTurns } from '../time/turns.js'
import type { Calls } from './calls.js'
import type { JournalCall } from './journal-call.js'
import { compileFilter } from './query.js'

export interface WaitOptions {
  /** In milliseconds of real time, because the test that moves a virtual clock may be waiting. */
  readonly timeout: number
  /** Ends the wait early, with a rejection. */
  readonly signal?: AbortSignal | undefined
}

export interface Visit extends WaitOptions {
  /** Only requests to this subscription. Default: all. */
  readonly within?: string | undefined
  /** Called with each request, in order. */
  visit (call: JournalCall): void
  /** Whether the visited requests are enough. */
  isMet (): boolean
}

type Listener = (call: JournalCall) => void

/** The listeners for new entries, and those who wait for them. */
export class Waiting {
  /** The kept requests. */
  readonly calls: Calls
  readonly #listeners = new Set<Listener>()
  readonly #closed = new AbortController()

  constructor (calls: Calls) {
    this.calls = calls
  }

  get size (): number {
    return this.#listeners.size
  }

  /** Adds a listener. Returns a function that removes it. */
  add (listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell (call: JournalCall): void {
    for (const listener of this.#listeners) listener(call)
  }

  /**
   * Visits all kept requests, while others have their turns, and then new ones. Resolves once enough are visited, at
   * the end of the time, or on `close`.
   */
  async visit ({ within, timeout, signal, visit, isMet }: Visit): Promise<void> {
    const end = now() + timeout
    let seen = 0
    do {
      const calls = this.calls.all(within, seen)
      seen = this.calls.newest
      await inTurns(calls, visit, signal)
    } while (seen < this.calls.newest && now() < end)
    if (isMet()) return
    // There is no `await` since the last look at the newest request, so that none is missed.
    const counts = compileFilter({ subscriptionId: within })
    await this.#until(call => {
      if (counts(call)) visit(call)
      return isMet()
    }, { timeout: end - now(), signal })
  }

  /** Ends all waits, as if their time were over. */
  close (): void {
    this.#closed.abort()
  }

  get isClosed (): boolean {
    return this.#closed.signal.aborted
  }

  async #until (isMet: (call: JournalCall) => boolean, { timeout, signal }: WaitOptions): Promise<void> {
    if (timeout <= 0 || this.#closed.signal.aborted) return
    const over = new AbortController()
    const remove = this.add(call => {
      if (!isMet(call)) return
      // At once, because the next request may come before the sleep has ended.
      remove()
      over.abort()
    })
    const signals = [over.signal, this.#closed.signal, ...signal === undefined ? [] : [signal]]
    try {
      await systemClock.sleep(timeout, AbortSignal.any(signals))
    } catch (error) {
      if (signal?.aborted) throw signal.reason
      if (!over.signal.aborted && !this.#closed.signal.aborted) throw error
    } finally {
      remove()
    }
  }
}

function now (): number {
  return systemClock.now().getTime()
}
