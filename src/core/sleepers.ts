export interface Sleeper {
  /** Milliseconds since 1970. */
  readonly due: number
  wake (): void
}

/** A sleeper, its number in the order of arrival, and where it is in the heap. */
interface Entry extends Sleeper {
  readonly arrival: number
  index: number
}

/**
 * Sleepers in the order in which they are due, and of those that are due at the same time in the order in which they
 * came. A binary heap: one of n comes or goes in log(n) steps, and one that goes leaves nothing behind.
 */
export class Sleepers {
  readonly #heap: Entry[] = []
  #arrivals = 0

  /** Returns what removes it again, and does nothing once it has gone. */
  add ({ due, wake }: Sleeper): () => void {
    const entry = { due, wake, arrival: this.#arrivals++, index: this.#heap.length }
    this.#rise(entry, entry.index)
    return () => this.#remove(entry)
  }

  get first (): Sleeper | undefined {
    return this.#heap[0]
  }

  /** Removes the first and returns it. */
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
    // It may come from another branch, and then be due before the parent of the place that it gets.
    this.#sink(last, this.#rise(last, index))
  }

  /** Puts the entry at this place or above it, and returns where. */
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
