import { systemClock } from '../time/clock.js'
import type { JournalCall } from './journal-call.js'

export interface WaitOptions {
  /** In milliseconds of real time, because the test that moves a virtual clock may be waiting. */
  readonly timeout: number
  /** Ends the wait early, with a rejection. */
  readonly signal?: AbortSignal | undefined
}

type Listener = (call: JournalCall) => void

/** The listeners for new entries. */
export class Waiting {
  readonly #listeners = new Set<Listener>()
  readonly #closed = new AbortController()

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

  /** Resolves once `isMet` returns true for an entry, at the end of the time, or on `close`. */
  async until (isMet: (call: JournalCall) => boolean, { timeout, signal }: WaitOptions): Promise<void> {
    if (timeout <= 0 || this.#closed.signal.aborted) return
    const over = new AbortController()
    const remove = this.add(call => { if (isMet(call)) over.abort() })
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

  close (): void {
    this.#closed.abort()
  }
}
