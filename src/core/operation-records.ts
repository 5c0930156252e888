import { finallyDo, then, type MaybePromise } from './maybe-promise.js'
import { operationsPath, type Operation } from './operation.js'
import type { Scope } from './scope.js'
import type { RecordKey, Records, Store } from './store.js'

/** Operations as a store keeps them: those in progress, each with its claim on its resource, and those that ended. */
export class OperationRecords {
  /** By what is held, which usually is a resource: the operation in progress that holds it. */
  readonly #claims: Records<{ readonly operationId: string }>
  readonly #inProgress: Records<Operation>
  readonly #ended: Records<Operation>

  readonly #onChange: (operation: Operation) => void

  /** `onChange` is called with each operation that begins and ends, once it is kept. */
  constructor (store: Store, onChange: (operation: Operation) => void) {
    this.#onChange = onChange
    this.#claims = store.records('claims')
    this.#inProgress = store.records('operationsInProgress')
    this.#ended = store.records('endedOperations', { evictable: true })
  }

  /** Claims something for an operation; false if another one holds it. */
  claim (claim: RecordKey, operationId: string): MaybePromise<boolean> {
    return this.#claims.add(claim, { operationId })
  }

  /** The operation with this id, if it is kept. */
  get (key: RecordKey): MaybePromise<Operation | undefined> {
    return then(this.#ended.get(key), ended => ended ?? this.#inProgress.get(key))
  }

  /** Keeps an operation that is in progress. */
  begin (operation: Operation): MaybePromise<void> {
    return then(this.#inProgress.set(keyOf(operation), operation), () => this.#onChange(operation))
  }

  /** Keeps an operation as it ended and frees what it holds, which is free even if the store cannot keep the end. */
  end (ended: Operation, claim: RecordKey): MaybePromise<Operation> {
    const kept = finallyDo(() => this.#ended.set(keyOf(ended), ended), () => this.#claims.delete(claim))
    return then(kept, () => {
      this.#onChange(ended)
      return ended
    })
  }

  /** The same for one that was kept when it began: it is not in progress any more even if its end cannot be kept. */
  endBegun (ended: Operation, claim: RecordKey): MaybePromise<Operation> {
    return finallyDo(() => this.end(ended, claim), () => this.#inProgress.delete(keyOf(ended)))
  }

  /**
   * How many operations on resources in a scope are kept. Those of a scope narrower than a subscription are deleted:
   * they are kept by subscription and location, where a store that is cleared below the scope does not reach them.
   */
  async sweep (scope: Scope): Promise<number> {
    const place = placeOf(scope)
    const counts = await Promise.all([this.#ended, this.#inProgress].map(async records => {
      const kept = await records.list(place)
      if (scope.resourceGroup === undefined) return kept.length
      const concerned = kept.filter(({ resourceId }) => scope.containsPath(resourceId))
      await Promise.all(concerned.map(async operation => await records.delete(keyOf(operation))))
      return concerned.length
    }))
    return counts.reduce((sum, count) => sum + count)
  }
}

/** What the keys of all operations of a subscription begin with, whatever they are done to; of all, for everything. */
function placeOf ({ subscriptionId }: Scope): string {
  return subscriptionId === undefined ? '/' : `/subscriptions/${subscriptionId}/`.toLowerCase()
}

/** Of the operation before: most are of the same subscription and location, and each new text must be hashed. */
let last = { subscriptionId: '', location: '', collectionKey: '' }

/** The key of an operation, as that of the path at which clients poll it. */
export function keyOf (operation: Operation): RecordKey {
  const { id, subscriptionId, location } = operation
  if (subscriptionId !== last.subscriptionId || location !== last.location) {
    last = { subscriptionId, location, collectionKey: operationsPath(operation).toLowerCase() }
  }
  return { collectionKey: last.collectionKey, nameKey: id }
}
