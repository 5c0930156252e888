import { JournalCall } from './journal-call.js'
import type { KeptRequest } from './kept-request.js'
import type { Ring } from './ring.js'
import { SubscriptionIndex } from './subscription-index.js'

/** What is kept, as filters and expectations see it: a poll also by what its operation is about. */
export class Calls {
  readonly #ring: Ring
  readonly #subscriptions: SubscriptionIndex

  constructor (ring: Ring) {
    this.#ring = ring
    this.#subscriptions = new SubscriptionIndex(ring)
  }

  /** Oldest first: all, or what belongs to a subscription. */
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

  /** The request that started this operation; undefined if it is not kept. */
  startOf (operationId: string): JournalCall | undefined {
    // Operations are polled soon after they start, and no index costs what one costs each request.
    const entry = this.#ring.startOf(operationId.toLowerCase())
    return entry && this.of(entry)
  }
}
