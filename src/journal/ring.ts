import type { Facts, KeptRequest, Texts } from './kept-request.js'
import { Segment, type Storage } from './segment.js'

export interface RingOptions {
  /** Default: 10 000. */
  readonly capacity?: number
  /** Of all entries together. Default: 64 MB. */
  readonly maxBytes?: number
  /** Called with each entry that goes to make room, before it has gone. */
  onEvicted? (entry: KeptRequest): void
}

/** The newest requests, as many as there is room for. To add one takes the same time however many there are. */
export class Ring {
  readonly #capacity: number
  readonly #maxBytes: number
  readonly #onEvicted: ((entry: KeptRequest) => void) | undefined
  /** Oldest first. */
  #segments: Segment[] = []
  /** Of the segment that went last. */
  #spare: Storage | undefined
  #size = 0
  #bytes = 0
  #evicted = 0

  constructor ({ capacity = 10_000, maxBytes = 64 * 1024 * 1024, onEvicted }: RingOptions) {
    this.#capacity = capacity
    this.#maxBytes = maxBytes
    this.#onEvicted = onEvicted
  }

  /** How many have gone to make room. */
  get evicted (): number {
    return this.#evicted
  }

  get size (): number {
    return this.#size
  }

  /** Sequence numbers follow each other. */
  add (sequence: number, eventId: number, facts: Facts, texts: Texts): void {
    let segment = this.#segments.at(-1)
    if (segment === undefined || !segment.canAdd(sequence, texts)) segment = this.#begin(sequence)
    this.#size++
    this.#grow(segment.add(eventId, facts, texts))
  }

  /** Counts what a script wrote, which ended after its request was added. */
  addOutput (sequence: number): void {
    this.#grow(this.#segmentOf(sequence)?.outputSizeOf(sequence) ?? 0)
  }

  [Symbol.iterator] (): IterableIterator<KeptRequest> {
    return this.after(0)
  }

  get (sequence: number): KeptRequest | undefined {
    return this.#segmentOf(sequence)?.get(sequence)
  }

  /** Those that came after this one. */
  * after (sequence: number): IterableIterator<KeptRequest> {
    const next = sequence + 1
    for (const segment of this.#segments.slice(Math.max(0, this.#indexOf(next)))) yield * segment.from(next)
  }

  /** The request that started this operation. */
  startOf (operationId: string): KeptRequest | undefined {
    for (let index = this.#segments.length - 1; index >= 0; index--) {
      const sequence = this.#segments[index]!.startOf(operationId)
      if (sequence !== undefined) return this.get(sequence)
    }
    return undefined
  }

  /** Removes some that are kept. They do not count as evicted. */
  remove (sequences: readonly number[]): void {
    for (const sequence of sequences) this.#drop(this.#segmentOf(sequence)!, sequence)
  }

  /** Removes all, a segment at a time. They do not count as evicted. */
  clear (): void {
    // Each is released, since somebody may be looking at its entries.
    for (const segment of this.#segments) this.#spare = segment.release()
    this.#segments = []
    this.#size = 0
    this.#bytes = 0
  }

  /** Of the segment that a sequence number belongs to; -1 before the first one. */
  #indexOf (sequence: number): number {
    let [from, to] = [0, this.#segments.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#segments[middle]!.first <= sequence) from = middle + 1
      else to = middle
    }
    return from - 1
  }

  #segmentOf (sequence: number): Segment | undefined {
    return this.#segments[this.#indexOf(sequence)]
  }

  #begin (first: number): Segment {
    const segment = new Segment(first, this.#spare)
    this.#spare = undefined
    this.#segments.push(segment)
    return segment
  }

  #grow (bytes: number): void {
    this.#bytes += bytes
    while (this.#size > 0 && (this.#size > this.#capacity || this.#bytes > this.#maxBytes)) this.#evict()
  }

  #evict (): void {
    const segment = this.#segments[0]!
    const sequence = segment.oldest
    this.#onEvicted?.(segment.get(sequence)!)
    this.#evicted++
    this.#drop(segment, sequence)
  }

  #drop (segment: Segment, sequence: number): void {
    this.#bytes -= segment.drop(sequence)
    this.#size--
    if (!segment.isEmpty) return
    this.#segments = this.#segments.filter(each => each !== segment)
    this.#spare = segment.release()
  }
}
