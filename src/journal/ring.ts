import type { Columns } from './columns.js'
import type { Facts, KeptRequest, Texts } from './kept-request.js'
import { Segment } from './segment.js'

export interface RingOptions {
  /** Default: 10 000. */
  readonly capacity?: number
  /** The limit for all entries together. Default: 64 MB. */
  readonly maxBytes?: number
  /** Called with each entry before it is dropped to make room. */
  onEvicted? (entry: KeptRequest): void
}

/** Keeps the newest requests, as many as there is room for. `add` takes constant time. */
export class Ring {
  readonly #capacity: number
  readonly #maxBytes: number
  readonly #onEvicted: ((entry: KeptRequest) => void) | undefined
  /** Oldest first. */
  #segments: Segment[] = []
  /** The columns of the last released segment, for the next one. */
  #spare: Columns | undefined
  #size = 0
  #bytes = 0
  #evicted = 0

  constructor ({ capacity = 10_000, maxBytes = 64 * 1024 * 1024, onEvicted }: RingOptions) {
    this.#capacity = capacity
    this.#maxBytes = maxBytes
    this.#onEvicted = onEvicted
  }

  /** The number of requests that were dropped to make room. */
  get evicted (): number {
    return this.#evicted
  }

  get size (): number {
    return this.#size
  }

  /** The sequence number of the newest request that was added; 0 if none is kept. */
  get newest (): number {
    return this.#segments.at(-1)?.newest ?? 0
  }

  /** Adds a request. Sequence numbers must be consecutive. */
  add (sequence: number, eventId: number, facts: Facts, texts: Texts): void {
    const bytes = this.#segments.at(-1)?.add(sequence, eventId, facts, texts) ??
      this.#begin(sequence).add(sequence, eventId, facts, texts)!
    this.#size++
    this.#grow(bytes)
  }

  /** Adds the size of a script's output, once the script has ended. */
  addOutput (sequence: number): void {
    this.#grow(this.#segmentOf(sequence)?.addOutput(sequence) ?? 0)
  }

  [Symbol.iterator] (): IterableIterator<KeptRequest> {
    return this.after(0)
  }

  get (sequence: number): KeptRequest | undefined {
    return this.#segmentOf(sequence)?.get(sequence)
  }

  /**
   * The requests after this one, up to the newest one at the beginning. Requests may be added and removed between two
   * steps: it keeps nothing of the ring, and passes over those that are gone.
   */
  * after (sequence: number): IterableIterator<KeptRequest> {
    const { newest } = this
    let entry = this.#next(sequence)
    for (; entry !== undefined && entry.sequence <= newest; entry = this.#next(entry.sequence)) yield entry
  }

  /** The request that started this operation. */
  startOf (operationId: string): KeptRequest | undefined {
    for (let index = this.#segments.length - 1; index >= 0; index--) {
      const sequence = this.#segments[index]!.startOf(operationId)
      if (sequence !== undefined) return this.get(sequence)
    }
    return undefined
  }

  /**
   * Removes some kept requests. They do not count as evicted. Packs segments in which only few are left, but not
   * the last one, which has room for the next requests.
   */
  remove (sequences: readonly number[]): void {
    for (const sequence of sequences) {
      this.#bytes -= this.#segmentOf(sequence)!.remove(sequence)
      this.#size--
    }
    const last = this.#segments.at(-1)
    this.#segments = this.#segments.flatMap(segment => {
      if (!segment.isEmpty) return segment !== last && segment.isSparse ? segment.packed() : [segment]
      this.#release(segment)
      return []
    })
  }

  /** Removes all requests. They do not count as evicted. */
  clear (): void {
    for (const segment of this.#segments) this.#release(segment)
    this.#segments = []
    this.#size = 0
    this.#bytes = 0
  }

  /** The first request after this one. */
  #next (sequence: number): KeptRequest | undefined {
    for (let index = Math.max(0, this.#indexOf(sequence + 1)); index < this.#segments.length; index++) {
      const entry = this.#segments[index]!.next(sequence)
      if (entry !== undefined) return entry
    }
    return undefined
  }

  /** The index of the segment with this sequence number; -1 before the first one. */
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
    this.#bytes -= segment.drop(sequence)
    this.#size--
    if (!segment.isEmpty) return
    this.#segments.shift()
    this.#release(segment)
  }

  #release (segment: Segment): void {
    this.#spare = segment.release() ?? this.#spare
  }
}
