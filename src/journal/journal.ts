import { Arena } from './arena.js'
import type { JournalEntry } from './entry.js'
import { JournalCall } from './journal-call.js'
import { KeptRequest, type Facts, type Texts } from './kept-request.js'
import { compileFilter, type JournalFilter } from './query.js'
import { collectPolls, entryOf, type PollsOf } from './render.js'
import { Ring } from './ring.js'

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
  readonly #arena = new Arena()
  #sequence = 0
  #events = 0

  constructor ({ capacity = 10_000, maxBytes }: JournalOptions = {}) {
    this.isOn = capacity > 0
    this.#ring = new Ring({
      capacity,
      maxBytes,
      onGone: ({ place }) => this.#arena.remove(place)
    })
  }

  /** The sequence number of the next entry. */
  get next (): number {
    return this.#sequence + 1
  }

  /** How many entries have gone to make room. */
  get evicted (): number {
    return this.#ring.evicted
  }

  /** Keeps a request. Its secrets must be redacted. */
  record (facts: Facts, { head, body, response }: Texts): void {
    const place = this.#arena.add(head, body, response)
    const entry = new KeptRequest(++this.#sequence, ++this.#events, facts, place)
    const { run } = facts
    if (run !== undefined && run.ended.output === undefined) run.ended.onEnd = () => this.#grow(entry)
    this.#ring.add(entry)
  }

  get (sequence: number): JournalEntry | undefined {
    const entry = this.#ring.get(sequence)
    return entry && entryOf(this.#callOf(entry), this.#polls(entry))
  }

  /** The entries that match. */
  list (filter: JournalFilter = {}): JournalPage {
    const found = this.#find(filter)
    const { top = found.length } = filter
    const polls = collectPolls(this.#calls())
    return { value: found.slice(0, top).map(call => entryOf(call, polls)), total: found.length, evicted: this.evicted }
  }

  /** Forgets the entries that match, and says how many. */
  clear (filter: JournalFilter = {}): number {
    const removed = new Set(this.#find(filter).map(({ entry }) => entry))
    return this.#ring.remove(entry => removed.has(entry))
  }

  /** What the request that started this operation was about; undefined if it is not kept. */
  startOf (operationId: string): OperationStart | undefined {
    const entry = this.#findStart(operationId)
    if (entry === undefined) return undefined
    const { resourceGroup, vmName, commandId, script, parameters } = this.#callOf(entry)
    return { resourceGroup, vmName, commandId, script, parameters }
  }

  #find (filter: JournalFilter): JournalCall[] {
    return [...this.#calls()].filter(compileFilter(filter))
  }

  * #calls (): IterableIterator<JournalCall> {
    const starts = new Map<string, KeptRequest>()
    for (const entry of this.#ring) {
      const { run } = entry.facts
      if (run !== undefined) starts.set(run.operation.id, entry)
      yield new JournalCall(entry, operationId => starts.get(operationId))
    }
  }

  /** Only of a request that started an operation are the others looked at. */
  #polls ({ facts }: KeptRequest): PollsOf {
    return facts.run === undefined ? () => [] : collectPolls(this.#calls())
  }

  #callOf (entry: KeptRequest): JournalCall {
    return new JournalCall(entry, operationId => this.#findStart(operationId))
  }

  /** Operations are polled soon after they start, and no index costs what one costs each request. */
  #findStart (operationId: string): KeptRequest | undefined {
    return this.#ring.findLast(({ facts }) => facts.run?.operation.id === operationId)
  }

  /** What a script wrote counts from its end on, if its request is still kept. */
  #grow (entry: KeptRequest): void {
    if (this.#ring.get(entry.sequence) === entry) this.#ring.grow(entry.sizeOfOutput)
  }
}
