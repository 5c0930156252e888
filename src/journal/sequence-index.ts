import type { KeptRequest } from './kept-request.js'
import type { Ring } from './ring.js'

/** The index is rebuilt once it has this many numbers more than twice the kept requests. */
const MANY = 1000

/**
 * The requests with a key, such as a subscription, so that a query about one key does not search all requests. It
 * catches up on each query, so that a request pays nothing for it.
 */
export class SequenceIndex {
  readonly #ring: Ring
  readonly #keyOf: (entry: KeptRequest) => string | undefined
  /** Only numbers, so that it keeps no dropped request in memory. */
  #sequences = new Map<string, number[]>()
  #count = 0
  #last = 0

  /** `keyOf` returns undefined for requests that no query is about. */
  constructor (ring: Ring, keyOf: (entry: KeptRequest) => string | undefined) {
    this.#ring = ring
    this.#keyOf = keyOf
  }

  /**
   * The kept requests with this key after a sequence number, oldest first. Like `Ring.after`, it passes over those that
   * are gone.
   */
  * entriesOf (key: string, after = 0): IterableIterator<KeptRequest> {
    if (this.#count > 2 * this.#ring.size + MANY) this.#forget()
    this.#catchUp()
    const sequences = this.#sequences.get(key) ?? []
    const { length } = sequences
    for (let index = 0; index < length; index++) {
      const sequence = sequences[index]!
      const entry = sequence > after ? this.#ring.get(sequence) : undefined
      if (entry !== undefined) yield entry
    }
  }

  #catchUp (): void {
    for (const entry of this.#ring.after(this.#last)) {
      this.#last = entry.sequence
      const key = this.#keyOf(entry)
      if (key === undefined) continue
      this.#count++
      const sequences = this.#sequences.get(key)
      if (sequences === undefined) this.#sequences.set(key, [entry.sequence])
      else sequences.push(entry.sequence)
    }
  }

  #forget (): void {
    this.#sequences = new Map()
    this.#count = 0
    this.#last = 0
  }
}
