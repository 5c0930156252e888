import type { Poll } from './entry.js'
import { JournalCall } from './journal-call.js'
import type { KeptRequest } from './kept-request.js'
import type { Ring } from './ring.js'
import { SequenceIndex } from './sequence-index.js'

/** The kept requests, as filters and expectations see them. A poll also has the properties of its operation. */
export class Calls {
  readonly #ring: Ring
  readonly #bySubscription: SequenceIndex
  /** By the operation that a request started. */
  readonly #starts: SequenceIndex
  /** By the operation that a request polled. */
  readonly #polls: SequenceIndex

  constructor (ring: Ring) {
    this.#ring = ring
    const alone = (entry: KeptRequest) => new JournalCall(entry, () => undefined)
    this.#bySubscription = new SequenceIndex(ring, entry => alone(entry).subscriptionId?.toLowerCase())
    this.#starts = new SequenceIndex(ring, ({ run }) => run?.operationId)
    this.#polls = new SequenceIndex(ring, entry => alone(entry).polled)
  }

  /** The sequence number of the newest kept request; 0 if there is none. */
  get newest (): number {
    return this.#ring.newest
  }

  /** The number of requests that were dropped to make room. */
  get evicted (): number {
    return this.#ring.evicted
  }

  /**
   * All calls after a sequence number, or those of a subscription, oldest first. Like `Ring.after`, it passes over
   * those that are gone.
   */
  * all (subscriptionId?: string, after = 0): IterableIterator<JournalCall> {
    const id = subscriptionId?.toLowerCase()
    const entries = id === undefined ? this.#ring.after(after) : this.#bySubscription.entriesOf(id, after)
    for (const entry of entries) yield this.#found(entry)
  }

  get (sequence: number): JournalCall | undefined {
    const entry = this.#ring.get(sequence)
    return entry && this.#found(entry)
  }

  /**
   * The call of an entry that comes or goes. It searches for the start of an operation, which is fast, since operations
   * are polled soon after they start. An index would cost every request.
   */
  of (entry: KeptRequest): JournalCall {
    return new JournalCall(entry, operationId => this.#ring.startOf(operationId))
  }

  /** The request that started this operation; undefined if the journal no longer has it. */
  startOf (operationId: string): JournalCall | undefined {
    const entry = this.#ring.startOf(operationId.toLowerCase())
    return entry && this.of(entry)
  }

  /** The polls of an operation, oldest first. */
  pollsOf (operationId: string): Poll[] {
    return Array.from(this.#polls.entriesOf(operationId), ({ time, status }) =>
      ({ time: new Date(time).toISOString(), ...status !== undefined && { status } }))
  }

  #found (entry: KeptRequest): JournalCall {
    return new JournalCall(entry, operationId => this.#starts.entriesOf(operationId).next().value)
  }
}
