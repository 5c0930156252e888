import { sizeOf, type KeptRequest } from './kept-request.js'

export interface RingOptions {
  /** Default: 10 000. */
  readonly capacity?: number
  /** Of all entries together. Default: 64 MB. */
  readonly maxBytes?: number
  /** Called with each entry that goes to make room, before it has gone. */
  onEvicted? (entry: KeptRequest): void
  /** Called with each entry that goes, however it does. */
  onGone (entry: KeptRequest): void
}

/** The newest requests, as many as there is room for. To add one takes the same time however many there are. */
export class Ring {
  readonly #capacity: number
  readonly #maxBytes: number
  readonly #onEvicted: (entry: KeptRequest) => void
  readonly #onGone: (entry: KeptRequest) => void
  /** By sequence. Those before `#first` have gone. */
  #entries: (KeptRequest | undefined)[] = []
  #first = 0
  #bytes = 0
  #evicted = 0

  constructor ({ capacity = 10_000, maxBytes = 64 * 1024 * 1024, onEvicted = () => {}, onGone }: RingOptions) {
    this.#capacity = capacity
    this.#maxBytes = maxBytes
    this.#onEvicted = onEvicted
    this.#onGone = onGone
  }

  /** How many have gone to make room. */
  get evicted (): number {
    return this.#evicted
  }

  get size (): number {
    return this.#entries.length - this.#first
  }

  add (entry: KeptRequest): void {
    this.#entries.push(entry)
    this.grow(sizeOf(entry))
  }

  /** Counts bytes that came to an entry after it was added. */
  grow (bytes: number): void {
    this.#bytes += bytes
    while (this.size > 0 && (this.size > this.#capacity || this.#bytes > this.#maxBytes)) this.#evict()
  }

  * [Symbol.iterator] (): IterableIterator<KeptRequest> {
    for (let index = this.#first; index < this.#entries.length; index++) yield this.#entries[index]!
  }

  get (sequence: number): KeptRequest | undefined {
    const found = this.#entries[this.#indexFrom(sequence)]
    return found?.sequence === sequence ? found : undefined
  }

  /** Those that came after this one. */
  * after (sequence: number): IterableIterator<KeptRequest> {
    for (let index = this.#indexFrom(sequence + 1); index < this.#entries.length; index++) yield this.#entries[index]!
  }

  /** The newest one for which this is true. */
  findLast (isSought: (entry: KeptRequest) => boolean): KeptRequest | undefined {
    for (let index = this.#entries.length - 1; index >= this.#first; index--) {
      const entry = this.#entries[index]!
      if (isSought(entry)) return entry
    }
    return undefined
  }

  /** Removes those for which this is true, and says how many. They do not count as evicted. */
  remove (isRemoved: (entry: KeptRequest) => boolean): number {
    const kept: KeptRequest[] = []
    let removed = 0
    for (const entry of this) {
      if (isRemoved(entry)) { removed++; this.#drop(entry) } else kept.push(entry)
    }
    this.#entries = kept
    this.#first = 0
    return removed
  }

  /** Of the first entry with this number or a higher one. */
  #indexFrom (sequence: number): number {
    let [from, to] = [this.#first, this.#entries.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#entries[middle]!.sequence < sequence) from = middle + 1
      else to = middle
    }
    return from
  }

  #evict (): void {
    const entry = this.#entries[this.#first]!
    this.#onEvicted(entry)
    this.#entries[this.#first++] = undefined
    this.#evicted++
    this.#drop(entry)
    // Half of the list is empty: the others move down, each once for every time that it is added.
    if (this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
  }

  #drop (entry: KeptRequest): void {
    this.#bytes -= sizeOf(entry)
    this.#onGone(entry)
  }
}
