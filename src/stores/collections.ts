import type { RecordKey } from '../core/store.js'

/** The records of a collection by their names. */
type Names<Value> = Map<string, Value>

/** Records by their collections. Finds the collections of a subscription without searching those of others. */
export class Collections<Value> {
  readonly #collections = new Map<string, Names<Value>>()
  /** The keys of collections by their beginning: `/subscriptions/x`. */
  readonly #bySubscription = new Map<string, Set<string>>()

  get ({ collectionKey, nameKey }: RecordKey): Value | undefined {
    return this.#collections.get(collectionKey)?.get(nameKey)
  }

  set ({ collectionKey, nameKey }: RecordKey, record: Value): void {
    const names = this.#collections.get(collectionKey) ?? this.#create(collectionKey)
    names.set(nameKey, record)
  }

  delete ({ collectionKey, nameKey }: RecordKey): void {
    this.#collections.get(collectionKey)?.delete(nameKey)
  }

  /** The records of a collection. */
  in (collectionKey: string): ReadonlyMap<string, Value> | undefined {
    return this.#collections.get(collectionKey)
  }

  /** The collections below a path, which ends in `/`. */
  * within (prefix: string): Iterable<readonly [string, Names<Value>]> {
    for (const key of this.#keysNear(prefix)) {
      if (`${key}/`.startsWith(prefix)) yield [key, this.#collections.get(key)!]
    }
  }

  /** Deletes the record at a path and all records below it. The path ends in `/`. */
  clear (prefix: string): void {
    for (const [key] of [...this.within(prefix)]) {
      this.#collections.delete(key)
      const root = rootOf(key)
      const siblings = this.#bySubscription.get(root)
      siblings?.delete(key)
      if (siblings?.size === 0) this.#bySubscription.delete(root)
    }
    const path = prefix.slice(0, -1)
    const slash = path.lastIndexOf('/')
    this.delete({ collectionKey: path.slice(0, slash), nameKey: path.slice(slash + 1) })
  }

  #create (collectionKey: string): Names<Value> {
    const names: Names<Value> = new Map()
    this.#collections.set(collectionKey, names)
    const root = rootOf(collectionKey)
    const siblings = this.#bySubscription.get(root)
    if (siblings === undefined) this.#bySubscription.set(root, new Set([collectionKey]))
    else siblings.add(collectionKey)
    return names
  }

  /** The keys of the subscription that a path names, in order; all keys if it names none. */
  #keysNear (prefix: string): Iterable<string> {
    const root = rootOf(prefix)
    return prefix.length > root.length ? this.#bySubscription.get(root) ?? [] : this.#collections.keys()
  }
}

/** The first two segments of a path; the whole path if it has no more. */
function rootOf (path: string): string {
  const end = path.indexOf('/', path.indexOf('/', 1) + 1)
  return end > 0 ? path.slice(0, end) : path
}
