import { JournalCall } from './journal-call.js'
import type { KeptRequest } from './kept-request.js'
import type { Ring } from './ring.js'
import { SubscriptionIndex } from './subscription-index.js'

/** The kept requests, as filters and expectations see them. A poll also has the properties of its operation. */
export class Calls {
  readonly #ring: Ring
  readonly #subscriptions: SubscriptionIndex

  constructor (ring: Ring) {
    this.#ring = ring
    this.#subscriptions = new SubscriptionIndex(ring)
  }

  /** All calls or those of a subscription, oldest first. */
  * all (subscriptionId?: string): IterableIterator<JournalCall> {
    const starts = new Map<string, KeptRequest>()
    const entries = subscriptionId === undefined ? this.#ring : this.#subscriptions.entriesOf(subscriptionId)
    for (const entry of entries) {
      const { run } = entry
      if (run !== undefined) starts.set(run.operationId, entry)
      yield new JournalCall(entry, operationId => starts.get(operationId))
    }
  }

  of (entry: KeptRequest): JournalCall {
    return new JournalCall(entry, operationId => this.#ring.startOf(operationId))
  }

  /** The request that started this operation; undefined if the journal no longer has it. */
  startOf (operationId: string): JournalCall | undefined {
    // A search is fast, since operations are polled soon after they start. An index would cost every request.
    const entry = this.#ring.startOf(operationId.toLowerCase())
    return entry && this.of(entry)
  }
}
