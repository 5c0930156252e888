import type { MaybePromise } from './maybe-promise.js'

export interface RecordsOptions {
  /** Whether the store may drop a record once it has many or the record is old. Default: false. */
  readonly evictable?: boolean
}

/** Where all state is kept, by the kind of record. */
export interface Store {
  /** The records of a kind: the same ones whenever they are asked for. */
  records<Value extends object> (kind: string, options?: RecordsOptions): Records<Value>
  /**
   * Deletes, of every kind, the record with this path and all below it. The path of a record is that of its collection
   * and its name; the given one ends in `/`.
   */
  clear (prefix: string): MaybePromise<void>
}

/** Where a record is kept: by a resource, in lower case, since Azure does not distinguish case. */
export interface RecordKey {
  /** Such as `/subscriptions/x/resourcegroups/rg/providers/microsoft.compute/virtualmachines`. */
  readonly collectionKey: string
  readonly nameKey: string
}

/** Records of one kind: plain data that JSON can hold. A record is not changed once it is kept, only replaced. */
export interface Records<Value extends object> {
  get (key: RecordKey): MaybePromise<Value | undefined>
  /** Keeps the record, in place of one that is there. */
  set (key: RecordKey, record: Value): MaybePromise<void>
  /** Keeps the record unless one is there, and says whether it did: of several callers at once, one succeeds. */
  add (key: RecordKey, record: Value): MaybePromise<boolean>
  /** The records whose collections begin with this path, which ends in `/`. */
  list (prefix: string): MaybePromise<Value[]>
  delete (key: RecordKey): MaybePromise<void>
}
