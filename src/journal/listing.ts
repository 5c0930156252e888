import type { JournalEntry } from './entry.js'
import type { JournalCall } from './journal-call.js'

export interface ListingOptions {
  /** All calls that may match, oldest first. */
  readonly calls: Iterable<JournalCall>
  readonly top?: number | undefined
  matches (call: JournalCall): boolean
  show (call: JournalCall): JournalEntry
}

/**
 * The matching entries, made one at a time: a long list need never exist at once, and its reader may pause between two
 * steps. An entry that is dropped before its turn is left out, as if it had been dropped before the search.
 */
export class Listing {
  readonly #options: ListingOptions
  #total = 0

  constructor (options: ListingOptions) {
    this.#options = options
  }

  /** The number of matching entries so far, whatever `top` is. */
  get total (): number {
    return this.#total
  }

  /** A step for each call, oldest first: the entry, or undefined for a call that is not in the list. */
  * steps (): IterableIterator<JournalEntry | undefined> {
    const { calls, top = Infinity, matches, show } = this.#options
    for (const call of calls) yield matches(call) && ++this.#total <= top ? show(call) : undefined
  }
}
