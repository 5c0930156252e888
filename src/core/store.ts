import type { MaybePromise } from './maybe-promise.js'

export interface RecordsOptions {
  /** Whether the store may drop old records, or some when it has many. Default: false. */
  readonly evictable?: boolean
}

/** Keeps all state, by the kind of record. */
export interface Store {
  /** The records of a kind. Each call for a kind returns the same records. */
  records<Value extends object> (kind: string, options?: RecordsOptions): Records<Value>
  /**
   * Deletes the records of every kind at this path and below it. A record's path consists of its collection's and its
   * name. The given path ends in `/`.
   */
  clear (prefix: string): MaybePromise<void>
}

/** The key of a record: the path of a resource in lower case, since Azure ignores case. */
export interface RecordKey {
  /** Such as `/subscriptions/x/resourcegroups/rg/providers/microsoft.compute/virtualmachines`. */
  readonly collectionKey: string
  readonly nameKey: string
}

/** Records of one kind: plain data that fits into JSON. A stored record is never changed, only replaced. */
export interface Records<Value extends object> {
  get (key: RecordKey): MaybePromise<Value | undefined>
  /** Stores the record, replacing any other with this key. */
  set (key: RecordKey, record: Value): MaybePromise<void>
  /** Stores the record unless the key is taken; false if it is. Atomic: only one of several callers succeeds. */
  add (key: RecordKey, record: Value): MaybePromise<boolean>
  /** The records whose collections begin with this path, which ends in `/`. */
  list (prefix: string): MaybePromise<Value[]>
  delete (key: RecordKey): MaybePromise<void>
}
