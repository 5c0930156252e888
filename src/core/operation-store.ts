import type { ErrorDetail, Operation } from './operation.js'

/** Where operations are kept, by id. A `put` of an id that is kept replaces it. */
export interface OperationStore {
  put (operation: Operation): Promise<void>
  get (id: string): Promise<Operation | undefined>
  clear (): Promise<void>
}

/**
 * An operation as it is kept: thousands are, so each is little more than one object. Its times count from the first
 * of all, since a small number needs no object of its own, and a Date needs two.
 */
interface Kept {
  readonly id: string
  readonly hash: number
  readonly subscriptionId: string
  readonly location: string
  readonly startTime: number
  status: Operation['status']
  endTime: number
  /** Output or error. */
  outcome: unknown
  /** Another one of the same hash. */
  next: Kept | undefined
}

/**
 * Keeps the newest `capacity` operations. They go round in a ring, because finding the oldest key of a large Map means
 * walking over the holes that earlier deletions left. They are found by a hash of their id, because a Map of texts
 * looks at every text that it passes, and among many each of them has to come from far away in memory.
 */
export class MemoryOperationStore implements OperationStore {
  readonly #capacity: number
  readonly #byHash = new Map<number, Kept>()
  #ring: Kept[] = []
  #oldest = 0
  #epoch: number | undefined

  constructor (capacity = 10_000) {
    this.#capacity = capacity
  }

  async put (operation: Operation): Promise<void> {
    const { id, status } = operation
    const hash = hashOf(id)
    const kept = this.#find(id, hash) ?? this.#add(operation, hash)
    kept.status = status
    if (operation.status === 'InProgress') return
    kept.endTime = this.#sinceEpoch(operation.endTime)
    kept.outcome = operation.status === 'Succeeded' ? operation.output : operation.error
  }

  async get (id: string): Promise<Operation | undefined> {
    const kept = this.#find(id, hashOf(id))
    return kept && this.#operation(kept)
  }

  async clear (): Promise<void> {
    this.#byHash.clear()
    this.#ring = []
    this.#oldest = 0
  }

  #find (id: string, hash: number): Kept | undefined {
    let kept = this.#byHash.get(hash)
    while (kept !== undefined && kept.id !== id) kept = kept.next
    return kept
  }

  #add ({ id, subscriptionId, location, startTime, status }: Operation, hash: number): Kept {
    const kept: Kept = {
      id,
      hash,
      subscriptionId,
      location,
      startTime: this.#sinceEpoch(startTime),
      status,
      endTime: 0,
      outcome: undefined,
      next: this.#byHash.get(hash)
    }
    this.#byHash.set(hash, kept)
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(kept)
    } else {
      this.#forget(this.#ring[this.#oldest]!)
      this.#ring[this.#oldest] = kept
      this.#oldest = (this.#oldest + 1) % this.#capacity
    }
    return kept
  }

  /** Of those of its hash the oldest is the last: each new one is put before the others. */
  #forget (oldest: Kept): void {
    let kept = this.#byHash.get(oldest.hash)!
    if (kept === oldest) {
      this.#byHash.delete(oldest.hash)
    } else {
      while (kept.next !== oldest) kept = kept.next!
      kept.next = undefined
    }
  }

  #operation ({ id, subscriptionId, location, startTime, status, endTime, outcome }: Kept): Operation {
    const begin = this.#date(startTime)
    if (status === 'InProgress') return { id, subscriptionId, location, startTime: begin, status }
    const end = this.#date(endTime)
    return status === 'Succeeded'
      ? { id, subscriptionId, location, startTime: begin, status, endTime: end, output: outcome }
      : { id, subscriptionId, location, startTime: begin, status, endTime: end, error: outcome as ErrorDetail }
  }

  #sinceEpoch (date: Date): number {
    const time = date.getTime()
    this.#epoch ??= time
    return time - this.#epoch
  }

  #date (time: number): Date {
    return new Date(time + this.#epoch!)
  }
}

/** FNV-1a. */
function hashOf (text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash
}
