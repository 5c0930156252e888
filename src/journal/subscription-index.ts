import { JournalCall } from './journal-call.js'
import type { KeptRequest } from './kept-request.js'
import type { Ring } from './ring.js'

/** The index is rebuilt once it has this many numbers more than twice the kept requests. */
const MANY = 1000

/**
 * The requests of each subscription, for queries about one subscription while others use the same azrun. It catches up
 * on each query, so that a request pays nothing for it.
 */
export class SubscriptionIndex {
  readonly #ring: Ring
  /** Only numbers, so that it keeps no dropped request in memory. */
  #sequences = new Map<string, number[]>()
  #count = 0
  #last = 0

  constructor (ring: Ring) {
    this.#ring = ring
  }

  /** The kept requests of a subscription, oldest first. */
  entriesOf (subscriptionId: string): KeptRequest[] {
    if (this.#count > 2 * this.#ring.size + MANY) this.#forget()
    this.#catchUp()
    const key = subscriptionId.toLowerCase()
    return (this.#sequences.get(key) ?? []).flatMap(sequence => this.#ring.get(sequence) ?? [])
  }

  #catchUp (): void {
    for (const entry of this.#ring.after(this.#last)) {
      this.#last = entry.sequence
      const key = new JournalCall(entry, () => undefined).subscriptionId?.toLowerCase()
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
