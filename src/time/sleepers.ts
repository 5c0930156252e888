export interface Sleeper {
  /** Milliseconds since 1970. */
  readonly due: number
  wake (): void
}

/** A sleeper with its number in order of arrival and its index in the heap. */
interface Entry extends Sleeper {
  readonly arrival: number
  index: number
}

/**
 * A queue of sleepers, ordered by due time, then by arrival. It is a binary heap: adding and removing take log(n)
 * steps, and a removed sleeper leaves nothing behind.
 */
export class Sleepers {
  readonly #heap: Entry[] = []
  #arrivals = 0

  /** Adds a sleeper. Returns a function that removes it if it is still there. */
  add ({ due, wake }: Sleeper): () => void {
    const entry = { due, wake, arrival: this.#arrivals++, index: this.#heap.length }
    this.#rise(entry, entry.index)
    return () => this.#remove(entry)
  }

  get first (): Sleeper | undefined {
    return this.#heap[0]
  }

  /** Removes and returns the first sleeper. */
  take (): Sleeper | undefined {
    const [first] = this.#heap
    if (first !== undefined) this.#remove(first)
    return first
  }

  #remove (entry: Entry): void {
    const { index } = entry
    if (this.#heap[index] !== entry) return
    const last = this.#heap.pop()!
    if (last === entry) return
    // The last entry may be from another branch, and due before the parent of its new place.
    this.#sink(last, this.#rise(last, index))
  }

  /** Moves the entry up from this index to its place, and returns that. */
  #rise (entry: Entry, from: number): number {
    let index = from
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = this.#heap[above]!
      if (!isBefore(entry, parent)) break
      this.#put(parent, index)
      index = above
    }
    this.#put(entry, index)
    return index
  }

  #sink (entry: Entry, from: number): void {
    let index = from
    for (;;) {
      const below = this.#earlierBelow(index)
      if (below === undefined || !isBefore(below, entry)) break
      const next = below.index
      this.#put(below, index)
      index = next
    }
    this.#put(entry, index)
  }

  #earlierBelow (index: number): Entry | undefined {
    const left = this.#heap[2 * index + 1]
    const right = this.#heap[2 * index + 2]
    return right !== undefined && isBefore(right, left!) ? right : left
  }

  #put (entry: Entry, index: number): void {
    this.#heap[index] = entry
    entry.index = index
  }
}

function isBefore (one: Entry, other: Entry): boolean {
  return one.due === other.due ? one.arrival < other.arrival : one.due < other.due
}
