import { UsageError } from '../core/usage-error.js'
import { Calls } from './calls.js'
import type { JournalEntry } from './entry.js'
import type { JournalCall } from './journal-call.js'
import type { Facts, KeptRequest, Texts } from './kept-request.js'
import { compileFilter, type JournalFilter } from './query.js'
import { describe, nearMisses } from './near-misses.js'
import { collectPolls, entryOf, type FindingsOf, type PollsOf } from './render.js'
import { Ring } from './ring.js'
import { Verification, type Expectation } from './verify.js'
import { NotVerified, TooFewRequests } from './failures.js'
import { Waiting, type WaitOptions } from './waiting.js'

/** What somebody is told who asks for requests where none are kept. */
export const NONE_KEPT = 'azrun keeps no requests: start it without --journal 0'

/** What a poll does not say of its operation. */
export interface OperationStart {
  readonly resourceGroup?: string
  readonly vmName?: string
  readonly commandId?: string
  readonly script?: string
  readonly parameters?: Readonly<Record<string, string>>
}

export interface JournalOptions {
  /** The number of entries; 0 for none. Default: 10 000. */
  readonly capacity?: number
  /** Of all entries together, bodies and headers. Default: 64 MB. */
  readonly maxBytes?: number
  /** Default: none. */
  readonly findingsOf?: FindingsOf
  /** Called with each entry that is about to go to make room. */
  onEvicted? (entry: JournalEntry): void
}

/** Whose requests count. */
interface Within {
  /** Only those of this subscription, also as those that nearly match. Default: the one that alone can match. */
  readonly within?: string
}

export interface WaitForOptions extends Partial<WaitOptions>, Within {
  readonly count?: number
}

export interface VerifyOptions extends Partial<WaitOptions>, Within {
  /** Whether the requests must have come in the order of the expectations. Default: false. */
  readonly inOrder?: boolean
}

export interface JournalPage {
  /** Oldest first. */
  readonly value: readonly JournalEntry[]
  /** How many match, with or without `top`. */
  readonly total: number
  /** How many entries have gone to make room. */
  readonly evicted: number
}

/** Every request that clients sent to the emulated services, and its response; bounded, the oldest go first. */
export class Journal {
  /** Whether requests are kept. */
  readonly isOn: boolean
  readonly #ring: Ring
  readonly #calls: Calls
  readonly #waiting = new Waiting()
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
  }

  /** The sequence number of the next entry. */
  get next (): number {
    return this.#sequence + 1
  }

  /** How many entries have gone to make room. */
  get evicted (): number {
    return this.#ring.evicted
  }

  /** How many follow or wait for requests. */
  get waiting (): number {
    return this.#waiting.size
  }

  /** Keeps a request. Its secrets must be redacted. */
  record (facts: Facts, texts: Texts): void {
    const { run, scenarios } = facts
    const sequence = ++this.#sequence
    const eventId = ++this.#events
    // Each of them is an event, too.
    if (scenarios !== undefined) this.#events += scenarios.length
    if (run !== undefined && run.output === undefined) run.onEnd = () => this.#ring.addOutput(sequence)
    this.#ring.add(sequence, eventId, facts, texts)
    if (this.#waiting.size > 0) this.#tell(sequence)
  }

  /** Calls a function with each entry from now on, until the function that this returns is called. */
  follow (listener: (call: JournalCall) => void): () => void {
    return this.#waiting.add(listener)
  }

  /** The number of the next event, which may be an entry or something else. */
  nextEventId (): number {
    return ++this.#events
  }

  get (sequence: number): JournalEntry | undefined {
    const entry = this.#ring.get(sequence)
    return entry && this.show(this.#calls.of(entry), this.#polls(entry))
  }

  /** The entries that match. */
  list (filter: JournalFilter = {}): JournalPage {
    const found = this.#find(filter)
    const { top = found.length } = filter
    const polls = collectPolls(this.calls(exactId(filter)))
    const value = found.slice(0, top).map(call => this.show(call, polls))
    return { value, total: found.length, evicted: this.evicted }
  }

  /**
   * The entries that match, as soon as there are `count` of them (default: 1). Rejects with a `TooFewRequests` after
   * `timeoutMs` milliseconds (default: 10 seconds), which are real ones whatever azrun's clock is, and with a
   * `UsageError` where none are kept.
   */
  async waitFor (filter: JournalFilter = {}, options: WaitForOptions = {}): Promise<JournalPage> {
    this.#requireKept()
    const { count = 1, timeoutMs = 10_000, signal, within = exactId(filter) } = options
    const whole = within === undefined ? filter : { ...filter, subscriptionId: within }
    const matches = compileFilter(whole)
    let found = this.#find(whole).length
    if (found < count) {
      await this.#waiting.until(call => matches(call) && ++found >= count, { timeoutMs, signal })
    }
    const page = this.list(whole)
    if (found >= count) return page
    const nearest = nearMisses(filter, this.calls(within))
    throw new TooFewRequests({ ...page, count, timeoutMs, nearest, sought: describe(filter) })
  }

  /**
   * Checks what clients have sent, again with each request until `timeoutMs` milliseconds are over (default: at once).
   * Resolves to the number of expectations. Rejects with a `NotVerified` that says what is wrong, and with a
   * `UsageError` where none are kept, since then nobody knows what was not sent.
   */
  async verify (expectations: readonly Expectation[], options: VerifyOptions = {}): Promise<number> {
    this.#requireKept()
    const { inOrder, timeoutMs = 0, signal, within = commonId(expectations) } = options
    const counts = compileFilter({ subscriptionId: within })
    const verification = new Verification(expectations, { inOrder })
    for (const call of this.calls(within)) verification.add(call)
    if (!verification.isMet) {
      await this.#waiting.until(call => {
        if (counts(call)) verification.add(call)
        return verification.isMet
      }, { timeoutMs, signal })
    }
    if (verification.isMet) return expectations.length
    throw new NotVerified(verification.failures(this.calls(within), this.evicted), this.evicted)
  }

  /** Ends what waits for requests, as if its time were over. */
  close (): void {
    this.#waiting.close()
  }

  /** Forgets the entries that match, and says how many. */
  clear (filter: JournalFilter = {}): number {
    if (Object.values(filter).every(value => value === undefined)) {
      const { size } = this.#ring
      this.#ring.clear()
      return size
    }
    const sequences = this.#find(filter).map(({ entry }) => entry.sequence)
    this.#ring.remove(sequences)
    return sequences.length
  }

  /** What the request that started this operation was about; undefined if it is not kept. */
  startOf (operationId: string): OperationStart | undefined {
    const start = this.#calls.startOf(operationId)
    if (start === undefined) return undefined
    const { resourceGroup, vmName, commandId, script, parameters } = start
    return { resourceGroup, vmName, commandId, script, parameters }
  }

  /** As an entry; without its polls unless they are given. */
  show (call: JournalCall, pollsOf: PollsOf = () => []): JournalEntry {
    return entryOf(call, pollsOf, this.#findingsOf)
  }

  #requireKept (): void {
    if (!this.isOn) throw new UsageError(NONE_KEPT)
  }

  #find (filter: JournalFilter): JournalCall[] {
    return [...this.calls(exactId(filter))].filter(compileFilter(filter))
  }

  /** What is kept, oldest first: all, or what belongs to a subscription. */
  calls (subscriptionId?: string): IterableIterator<JournalCall> {
    return this.#calls.all(subscriptionId)
  }

  /** Only of a request that started an operation are the others looked at. */
  #polls ({ run }: KeptRequest): PollsOf {
    return run === undefined ? () => [] : collectPolls(this.calls())
  }

  /** One that is larger than the journal is not there any more. */
  #tell (sequence: number): void {
    const entry = this.#ring.get(sequence)
    if (entry !== undefined) this.#waiting.tell(this.#calls.of(entry))
  }
}

/** The one subscription whose requests can match. */
function exactId ({ subscriptionId }: JournalFilter): string | undefined {
  return subscriptionId?.includes('*') ? undefined : subscriptionId
}

/** The same for requests that are to meet expectations. */
function commonId (expectations: readonly Expectation[]): string | undefined {
  const ids = new Set(expectations.map(({ match }) => exactId(match)?.toLowerCase()))
  return ids.size === 1 ? [...ids][0] : undefined
}
