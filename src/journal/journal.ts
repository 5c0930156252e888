import { UsageError } from '../core/usage-error.js'
import type { Call } from '../matching/match.js'
import { Calls } from './calls.js'
import type { JournalEntry } from './entry.js'
import { TooFewRequests, type Lack } from './failures.js'
import type { JournalCall } from './journal-call.js'
import type { Facts, KeptRequest, Texts } from './kept-request.js'
import { Listing } from './listing.js'
import { compileFilter, onlySubscription, type JournalFilter } from './query.js'
import { untilFound, verify, type VerifyOptions, type WaitForOptions } from './questions.js'
import { entryOf, type FindingsOf, type PollsOf } from './render.js'
import { Ring } from './ring.js'
import type { Expectation } from './verify.js'
import { Waiting } from './waiting.js'

/** The message for those who ask for requests when none are kept. */
export const NONE_KEPT = 'azrun keeps no requests: start it without --journal 0'

/** The properties of an operation that its polls do not have. */
type OperationProperties = Pick<Call, 'resourceGroup' | 'vmName' | 'commandId' | 'script' | 'parameters'>

export interface JournalOptions {
  /** The number of entries; 0 for none. Default: 10 000. */
  readonly capacity?: number
  /** The limit for all entries together, with headers and bodies. Default: 64 MB. */
  readonly maxBytes?: number
  /** Default: none. */
  readonly findingsOf?: FindingsOf
  /** Called with each entry before it is dropped to make room. */
  onEvicted? (entry: JournalEntry): void
}

export interface JournalPage {
  /** Oldest first. */
  readonly value: readonly JournalEntry[]
  /** The number of matching entries, whatever `top` is. */
  readonly total: number
  /** The number of entries that were dropped to make room. */
  readonly evicted: number
}

/** Keeps the requests to the emulated services and their responses. If there are too many, it drops the oldest. */
export class Journal {
  /** Whether requests are kept. */
  readonly isOn: boolean
  readonly #ring: Ring
  readonly #calls: Calls
  readonly #waiting: Waiting
  readonly #findingsOf: FindingsOf
  #sequence = 0
  #events = 0

  constructor ({ capacity = 10_000, maxBytes, findingsOf = () => [], onEvicted }: JournalOptions = {}) {
    this.isOn = capacity > 0
    this.#findingsOf = findingsOf
    this.#ring = new Ring({
      capacity,
      maxBytes,
      ...onEvicted !== undefined && { onEvicted: (entry: KeptRequest) => onEvicted(this.show(this.#calls.of(entry))) }
    })
    this.#calls = new Calls(this.#ring)
    this.#waiting = new Waiting(this.#calls)
  }

  /** The sequence number of the next entry. */
  get next (): number {
    return this.#sequence + 1
  }

  /** The id of the newest event; 0 if there was none. */
  get lastEventId (): number {
    return this.#events
  }

  /** The number of entries that were dropped to make room. */
  get evicted (): number {
    return this.#ring.evicted
  }

  /** The number of callers that follow or wait for requests. */
  get waiting (): number {
    return this.#waiting.size
  }

  /** Adds a request. Its secrets must already be redacted. */
  record (facts: Facts, texts: Texts): void {
    const { run, scenarios } = facts
    const sequence = ++this.#sequence
    const eventId = ++this.#events
    // Each scenario is an event, too.
    if (scenarios !== undefined) this.#events += scenarios.length
    if (run !== undefined && run.output === undefined) run.onEnd = () => this.#ring.addOutput(sequence)
    this.#ring.add(sequence, eventId, facts, texts)
    if (this.#waiting.size > 0) this.#tell(sequence)
  }

  /** Calls `listener` with each new entry. Returns a function that unsubscribes. */
  follow (listener: (call: JournalCall) => void): () => void {
    return this.#waiting.add(listener)
  }

  /** Takes the next event id, for an event that is not an entry. */
  nextEventId (): number {
    return ++this.#events
  }

  /** Throws a `UsageError` if no requests are kept. */
  get (sequence: number): JournalEntry | undefined {
    this.#requireKept()
    const call = this.#calls.get(sequence)
    return call && this.#showWithPolls(call)
  }

  /** The matching entries. Throws a `UsageError` if no requests are kept. */
  list (filter: JournalFilter = {}): JournalPage {
    const listing = this.search(filter)
    const value = [...listing.steps()].filter(entry => entry !== undefined)
    return { value, total: listing.total, evicted: this.evicted }
  }

  /** The matching entries, one at a time. Throws a `UsageError` if no requests are kept. */
  search (filter: JournalFilter = {}): Listing {
    this.#requireKept()
    return new Listing({
      calls: this.calls(onlySubscription(filter)),
      top: filter.top,
      matches: compileFilter(filter),
      show: call => this.#showWithPolls(call)
    })
  }

  /**
   * Resolves to the matching entries as soon as there are `count` of them (default: 1). Rejects with a
   * `TooFewRequests` after `timeout` milliseconds (default: 10 seconds) of real time, whatever azrun's clock is, and
   * with a `UsageError` if no requests are kept.
   */
  async waitFor (filter: JournalFilter = {}, options: WaitForOptions = {}): Promise<JournalPage> {
    const lack = await this.untilFound(filter, options)
    const { within } = options
    const page = this.list(within === undefined ? filter : { ...filter, subscriptionId: within })
    if (lack === undefined) return page
    throw new TooFewRequests({ ...lack, found: page.value })
  }

  /** As `waitFor`, for a caller that lists the entries itself. Resolves to what is lacking, if there are too few. */
  async untilFound (filter: JournalFilter, options: WaitForOptions): Promise<Lack | undefined> {
    this.#requireKept()
    return await untilFound(this.#waiting, filter, options)
  }

  /**
   * Checks that clients have sent the expected requests, and waits up to `timeout` milliseconds for them (default:
   * 0). Resolves to the number of expectations. Rejects with a `NotVerified` that says what is wrong, and with a
   * `UsageError` for an expectation that is not valid or if no requests are kept.
   */
  async verify (expectations: readonly Expectation[], options: VerifyOptions = {}): Promise<number> {
    this.#requireKept()
    await verify(this.#waiting, expectations, options)
    return expectations.length
  }

  /** Ends all waits for requests, as if their time were over. */
  close (): void {
    this.#waiting.close()
  }

  /** Deletes the matching entries and returns their number. Throws a `UsageError` for a `top`. */
  clear (filter: JournalFilter = {}): number {
    if (filter.top !== undefined) throw new UsageError("'top' cannot limit what is deleted, which is all that matches: leave it out")
    if (Object.values(filter).every(value => value === undefined)) {
      const { size } = this.#ring
      this.#ring.clear()
      return size
    }
    const matches = compileFilter(filter)
    const sequences: number[] = []
    for (const call of this.calls(onlySubscription(filter))) if (matches(call)) sequences.push(call.entry.sequence)
    this.#ring.remove(sequences)
    return sequences.length
  }

  /** All calls or those of a subscription, oldest first. */
  calls (subscriptionId?: string): IterableIterator<JournalCall> {
    return this.#calls.all(subscriptionId)
  }

  /** The properties of this operation; undefined if the journal no longer has the request that started it. */
  startOf (operationId: string): OperationProperties | undefined {
    const start = this.#calls.startOf(operationId)
    if (start === undefined) return undefined
    const { resourceGroup, vmName, commandId, script, parameters } = start
    return { resourceGroup, vmName, commandId, script, parameters }
  }

  /** Converts a call to an entry. By default the entry has no polls. */
  show (call: JournalCall, pollsOf: PollsOf = () => []): JournalEntry {
    return entryOf(call, pollsOf, this.#findingsOf)
  }

  #requireKept (): void {
    if (!this.isOn) throw new UsageError(NONE_KEPT)
  }

  #showWithPolls (call: JournalCall): JournalEntry {
    return this.show(call, operationId => this.#calls.pollsOf(operationId))
  }

  /** Tells the waiting callers of an entry, unless it was larger than the journal and is gone. */
  #tell (sequence: number): void {
    const entry = this.#ring.get(sequence)
    if (entry !== undefined) this.#waiting.tell(this.#calls.of(entry))
  }
}
