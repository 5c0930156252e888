import { finallyDo, then, type MaybePromise } from '../core/maybe-promise.js'
import type { Scope } from '../core/scope.js'
import type { RecordKey, Records, Store } from '../core/store.js'
import { operationsPath, type Operation } from './operation.js'

/** Operations in the store: those in progress, with their claims on resources, and those that have ended. */
export class OperationRecords {
  /** The operation in progress that holds a claim, by what it claims: usually a resource. */
  readonly #claims: Records<{ readonly operationId: string }>
  readonly #inProgress: Records<Operation>
  readonly #ended: Records<Operation>

  readonly #onChange: (operation: Operation) => void

  /** `onChange` is called with each operation that begins or ends, after it is stored. */
  constructor (store: Store, onChange: (operation: Operation) => void) {
    this.#onChange = onChange
    this.#claims = store.records('claims')
    this.#inProgress = store.records('operationsInProgress')
    this.#ended = store.records('endedOperations', { evictable: true })
  }

  /** Claims something for an operation; false if another operation holds it. */
  claim (claim: RecordKey, operationId: string): MaybePromise<boolean> {
    return this.#claims.add(claim, { operationId })
  }

  /** The operation with this key, if the store still has it. */
  get (key: RecordKey): MaybePromise<Operation | undefined> {
    return then(this.#ended.get(key), ended => ended ?? this.#inProgress.get(key))
  }

  /** Stores an operation in progress. */
  begin (operation: Operation): MaybePromise<void> {
    return then(this.#inProgress.set(keyOf(operation), operation), () => this.#onChange(operation))
  }

  /** Stores an ended operation and releases its claim. The claim is released even if the store fails. */
  end (ended: Operation, claim: RecordKey): MaybePromise<Operation> {
    const kept = finallyDo(() => this.#ended.set(keyOf(ended), ended), () => this.#claims.delete(claim))
    return then(kept, () => {
      this.#onChange(ended)
      return ended
    })
  }

  /** Does the same for an operation that `begin` stored. It leaves the ones in progress even if the store fails. */
  endBegun (ended: Operation, claim: RecordKey): MaybePromise<Operation> {
    return finallyDo(() => this.end(ended, claim), () => this.#inProgress.delete(keyOf(ended)))
  }

  /**
   * Counts the operations on resources in a scope. Also deletes them if the scope is narrower than a subscription:
   * their keys begin with subscription and location, so that clearing the store below the scope would miss them.
   */
  async sweep (scope: Scope): Promise<number> {
    const prefix = prefixOf(scope)
    const counts = await Promise.all([this.#ended, this.#inProgress].map(async records => {
      const kept = await records.list(prefix)
      if (scope.resourceGroup === undefined) return kept.length
      const concerned = kept.filter(({ resourceId }) => scope.containsPath(resourceId))
      await Promise.all(concerned.map(async operation => await records.delete(keyOf(operation))))
      return concerned.length
    }))
    return counts.reduce((sum, count) => sum + count)
  }
}

/** The prefix of the keys of all operations in the scope's subscription, or of all operations. */
function prefixOf ({ subscriptionId }: Scope): string {
  return subscriptionId === undefined ? '/' : `/subscriptions/${subscriptionId}/`.toLowerCase()
}

/** The collection of the operation before. Most operations share it, and V8 has to hash each new string. */
let last = { subscriptionId: '', location: '', collectionKey: '' }

/** The key of an operation: that of the path that clients poll. */
export function keyOf (operation: Operation): RecordKey {
  const { id, subscriptionId, location } = operation
  if (subscriptionId !== last.subscriptionId || location !== last.location) {
    last = { subscriptionId, location, collectionKey: operationsPath(operation).toLowerCase() }
  }
  return { collectionKey: last.collectionKey, nameKey: id }
}
