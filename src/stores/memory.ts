import type { RecordKey, Records, RecordsOptions, Store } from '../core/store.js'
import { Collections } from './collections.js'

export interface MemoryStoreOptions {
  /** The number of newest evictable records of a kind that it keeps; at most twice as many. Default: 10 000. */
  readonly capacity?: number
}

/** Keeps records in the memory of the process. */
export class MemoryStore implements Store {
  readonly #capacity: number
  readonly #kinds = new Map<string, MemoryRecords<object>>()

  constructor ({ capacity = 10_000 }: MemoryStoreOptions = {}) {
    this.#capacity = capacity
  }

  records<Value extends object> (kind: string, { evictable = false }: RecordsOptions = {}): Records<Value> {
    let records = this.#kinds.get(kind)
    if (records === undefined) this.#kinds.set(kind, records = new MemoryRecords(evictable ? this.#capacity : Infinity))
    return records as MemoryRecords<never>
  }

  clear (prefix: string): void {
    for (const records of this.#kinds.values()) records.clear(prefix)
  }
}

/** Two generations. Once the younger one is full, it replaces the older one. */
class MemoryRecords<Value extends object> implements Records<Value> {
  readonly #capacity: number
  #younger = new Collections<Value>()
  #older = new Collections<Value>()
  /** How many records were added to the younger generation. */
  #count = 0

  constructor (capacity: number) {
    this.#capacity = capacity
  }

  get (key: RecordKey): Value | undefined {
    return this.#younger.get(key) ?? this.#older.get(key)
  }

  set (key: RecordKey, record: Value): void {
    this.#younger.set(key, record)
    if (++this.#count < this.#capacity) return
    this.#older = this.#younger
    this.#younger = new Collections()
    this.#count = 0
  }

  add (key: RecordKey, record: Value): boolean {
    if (this.get(key) !== undefined) return false
    this.set(key, record)
    return true
  }

  list (prefix: string): Value[] {
    const found: Value[] = []
    for (const [collectionKey, names] of this.#older.within(prefix)) {
      const younger = this.#younger.in(collectionKey)
      for (const [nameKey, record] of names) found.push(younger?.get(nameKey) ?? record)
    }
    for (const [collectionKey, names] of this.#younger.within(prefix)) {
      const older = this.#older.in(collectionKey)
      for (const [nameKey, record] of names) if (older?.has(nameKey) !== true) found.push(record)
    }
    return found
  }

  delete (key: RecordKey): void {
    this.#younger.delete(key)
    this.#older.delete(key)
  }

  clear (prefix: string): void {
    this.#younger.clear(prefix)
    this.#older.clear(prefix)
  }
}
