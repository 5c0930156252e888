import type { RecordKey, Records, RecordsOptions, Store } from '../core/store.js'

export interface MemoryStoreOptions {
  /** How many evictable records of a kind are kept at least, the newest; at most twice as many are. Default: 10 000. */
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

/** Records by their names, by their collections: names are short, and many share a collection. */
type Collections<Value> = Map<string, Map<string, Value>>

/** Two generations: once the younger one has so many records, it takes the place of the older one. */
class MemoryRecords<Value extends object> implements Records<Value> {
  readonly #capacity: number
  #younger: Collections<Value> = new Map()
  #older: Collections<Value> = new Map()
  /** Records that the younger generation has been given. */
  #count = 0

  constructor (capacity: number) {
    this.#capacity = capacity
  }

  get ({ collectionKey, nameKey }: RecordKey): Value | undefined {
    return this.#younger.get(collectionKey)?.get(nameKey) ?? this.#older.get(collectionKey)?.get(nameKey)
  }

  set ({ collectionKey, nameKey }: RecordKey, record: Value): void {
    let names = this.#younger.get(collectionKey)
    if (names === undefined) this.#younger.set(collectionKey, names = new Map())
    names.set(nameKey, record)
    if (++this.#count < this.#capacity) return
    this.#older = this.#younger
    this.#younger = new Map()
    this.#count = 0
  }

  add (key: RecordKey, record: Value): boolean {
    if (this.get(key) !== undefined) return false
    this.set(key, record)
    return true
  }

  list (prefix: string): Value[] {
    const found = new Map<string, Value>()
    for (const [collectionKey, names] of [...this.#older, ...this.#younger]) {
      if (!`${collectionKey}/`.startsWith(prefix)) continue
      for (const [nameKey, record] of names) found.set(`${collectionKey}/${nameKey}`, record)
    }
    return [...found.values()]
  }

  delete ({ collectionKey, nameKey }: RecordKey): void {
    this.#younger.get(collectionKey)?.delete(nameKey)
    this.#older.get(collectionKey)?.delete(nameKey)
  }

  clear (prefix: string): void {
    for (const collections of [this.#younger, this.#older]) {
      for (const key of collections.keys()) if (`${key}/`.startsWith(prefix)) collections.delete(key)
    }
  }
}
