import type { Operation } from './operations.js'

/** Where operations are kept, by id. A `put` of an id that is kept replaces it. */
export interface OperationStore {
  put (operation: Operation): Promise<void>
  get (id: string): Promise<Operation | undefined>
  clear (): Promise<void>
}

/**
 * Keeps the newest `capacity` operations. The ids go round in a ring, because finding the oldest key of a large Map
 * means walking over the holes that earlier deletions left.
 */
export class MemoryOperationStore implements OperationStore {
  readonly #capacity: number
  readonly #operations = new Map<string, Operation>()
  #ring: string[] = []
  #oldest = 0

  constructor (capacity = 10_000) {
    this.#capacity = capacity
  }

  async put (operation: Operation): Promise<void> {
    if (!this.#operations.has(operation.id)) this.#remember(operation.id)
    this.#operations.set(operation.id, operation)
  }

  async get (id: string): Promise<Operation | undefined> {
    return this.#operations.get(id)
  }

  async clear (): Promise<void> {
    this.#operations.clear()
    this.#ring = []
    this.#oldest = 0
  }

  #remember (id: string): void {
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(id)
      return
    }
    this.#operations.delete(this.#ring[this.#oldest]!)
    this.#ring[this.#oldest] = id
    this.#oldest = (this.#oldest + 1) % this.#capacity
  }
}
