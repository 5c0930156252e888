import type { Log } from '../core/log.js'
import { afterwards, finallyDo, isPromise, then, type MaybePromise } from '../core/maybe-promise.js'
import { Scope } from '../core/scope.js'
import type { RecordKey, Store } from '../core/store.js'
import { systemClock, type Clock } from '../time/clock.js'
import { GRACE_PERIOD, withGrace } from '../time/grace.js'
import { Cancellation } from './cancellation.js'
import { Follower } from './follower.js'
import { OperationError, withOutcome, type Operation } from './operation.js'
import { planned } from './plan.js'
import { keyOf, OperationRecords } from './records.js'
import { Resets } from './resets.js'
import { beginRun } from './run.js'
import { claimOf, ResourceBusy, type OperationStart } from './start.js'

/** An operation whose start waits for the store. */
interface Starting {
  readonly start: OperationStart
  readonly begun: Promise<Operation>
}

interface Running {
  readonly start: OperationStart
  readonly cancellation: Cancellation
  readonly finished: Promise<Operation>
}

/** Selects operations by how they were started. */
export type OperationFilter = (start: Pick<OperationStart, 'resourceId' | 'action' | 'changes'>) => boolean

interface Begun {
  readonly operation: Operation
  readonly start: OperationStart
  /** Settles once the store has kept the begun operation, or has failed to. */
  readonly kept: MaybePromise<void>
}

export interface OperationsOptions {
  readonly clock: Clock
  readonly store: Store
  readonly log: Pick<Log, 'warn'>
  /** Milliseconds that a canceled run has to end. After that its operation ends without it. Default: `GRACE_PERIOD`. */
  readonly gracePeriod?: number
  newId (): string
  /** Called with each operation that begins or ends. */
  onChange? (operation: Operation): void
}

/** Starts operations, follows them to their end, and finds them by id. */
export class Operations {
  readonly #clock: Clock
  readonly #newId: () => string
  readonly #records: OperationRecords
  readonly #running = new Map<string, Running>()
  readonly #follower: Follower
  readonly #starting = new Set<Starting>()
  /** Operations in the scope of a reset start after it. */
  readonly #resets = new Resets()

  constructor ({ clock, store, log, gracePeriod = GRACE_PERIOD, newId, onChange = () => {} }: OperationsOptions) {
    this.#clock = clock
    this.#follower = new Follower({ clock, log, gracePeriod })
    this.#newId = newId
    this.#records = new OperationRecords(store, onChange)
  }

  /** Starts an operation and returns it. Throws or rejects with `ResourceBusy` without running anything. */
  start (start: OperationStart): MaybePromise<Operation> {
    const resetOver = this.#resets.overFor(start.resourceId)
    if (resetOver !== undefined) return resetOver.then(() => this.start(start))
    const operationId = this.#newId()
    const begun = then(this.#records.claim(claimOf(start), operationId), isClaimed => {
      if (!isClaimed) throw new ResourceBusy(start.resourceId)
      return this.#begin(operationId, start)
    })
    if (!isPromise(begun)) return begun
    const starting = { start, begun }
    this.#starting.add(starting)
    return begun.finally(() => this.#starting.delete(starting))
  }

  /** The operation with this key, if the store still has it. */
  get (key: RecordKey): MaybePromise<Operation | undefined> {
    return this.#records.get(key)
  }

  /**
   * Waits until the operation ends, at most `ms` milliseconds, and returns it as it then is. The wait ends by the clock
   * or by real time, because the test that moves a virtual clock may be waiting for this response.
   */
  settle (operation: Operation, ms = Infinity): MaybePromise<Operation> {
    return operation.status !== 'InProgress' || ms <= 0 ? operation : this.#wait(operation, ms)
  }

  /** Cancels the operations in progress on resources in a scope, by default all, and waits until they end. */
  async cancelAll (message: string, scope = Scope.everything): Promise<void> {
    const reason = new OperationError('OperationCanceled', message, { status: 'Canceled' })
    await this.cancel(({ resourceId }) => scope.contains(resourceId), reason)
  }

  /** Cancels the matching operations in progress and waits until they end. Returns at once if there are none. */
  cancel (isSelected: OperationFilter, reason: OperationError): MaybePromise<void> {
    const canceled = this.#cancelRunning(isSelected, reason)
    // These hold their claims already, or soon will.
    const starting = [...this.#starting].filter(({ start }) => isSelected(start))
    if (canceled.length === 0 && starting.length === 0) return undefined
    return this.#untilEnded(canceled, starting, () => this.#cancelRunning(isSelected, reason))
  }

  /**
   * Cancels the operations on resources in a scope, then calls `clear`, which must clear the store below the scope.
   * Operations that are started there meanwhile wait for that. Resolves to the number of operations that were deleted.
   */
  async reset (scope: Scope, message: string, clear: () => MaybePromise<void>): Promise<number> {
    let forgotten = 0
    await this.#resets.do(scope, async () => {
      await finallyDo(() => this.cancelAll(message, scope), async () => {
        forgotten = await this.#records.sweep(scope)
        await clear()
      })
    })
    return forgotten
  }

  #cancelRunning (isSelected: OperationFilter, reason: OperationError): Running[] {
    const running = [...this.#running.values()].filter(({ start }) => isSelected(start))
    for (const { cancellation } of running) cancellation.cancel(reason)
    return running
  }

  /** Waits for canceled operations. Cancels those that are still starting as soon as possible, and waits for them. */
  async #untilEnded (canceled: readonly Running[], starting: readonly Starting[],
    cancelStarted: () => readonly Running[]): Promise<void> {
    if (starting.length > 0) await Promise.allSettled(starting.map(({ begun }) => begun))
    const all = new Set([...canceled, ...cancelStarted()])
    const ends = await Promise.allSettled([...all].map(({ finished }) => finished))
    const failed = ends.find(end => end.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  #begin (id: string, start: OperationStart): MaybePromise<Operation> {
    const { action, resourceId, location, plan, course, turns, run } = start
    const { text, subscriptionId } = resourceId
    const startTime = this.#clock.now().getTime()
    const begun: Operation = { id, action, resourceId: text, subscriptionId, location, startTime, status: 'InProgress' }
    const operation = course === undefined ? begun : { ...begun, course }
    const cancellation = new Cancellation()
    const turn = turns?.take(cancellation)
    const outcome = beginRun(run, cancellation, turn)
    if (!isPromise(outcome) && plan.delay <= 0) {
      return this.#completed(withOutcome(operation, planned(outcome, plan), startTime), start)
    }
    const kept = this.#keep(operation, cancellation)
    const ending = this.#follower.end(operation, outcome, { plan, turn, cancellation })
    const finished = this.#end(ending, { operation, start, kept })
    // If the store fails, those who wait for the end get the error. If nobody waits, it must not end the process.
    finished.catch(() => {})
    this.#running.set(id, { start, cancellation, finished })
    return then(kept, () => operation)
  }

  /** Stores an operation in progress. If the store fails, no client can follow the operation, so this cancels it. */
  #keep (operation: Operation, cancellation: Cancellation): MaybePromise<void> {
    const failed = async (error: unknown) => {
      cancellation.cancel(new OperationError('OperationCanceled', 'The operation could not be kept.', { cause: error }))
      throw error
    }
    try {
      const kept = this.#records.begin(operation)
      return isPromise(kept) ? kept.catch(failed) : kept
    } catch (error) {
      return failed(error)
    }
  }

  /** Stores an operation that is completed at once. */
  #completed (ended: Operation, start: OperationStart): MaybePromise<Operation> {
    const keep = () => this.#records.end(ended, claimOf(start))
    return start.ended === undefined ? keep() : afterwards(() => start.ended!(ended), keep)
  }

  /** Stores an operation when it ends. */
  async #end (ending: Promise<Operation>, { operation, start, kept }: Begun): Promise<Operation> {
    try {
      const ended = await ending
      await Promise.allSettled([kept])
      return await afterwards(() => start.ended?.(ended), () => this.#records.endBegun(ended, claimOf(start)))
    } finally {
      this.#running.delete(operation.id)
    }
  }

  async #wait (operation: Operation, ms: number): Promise<Operation> {
    const running = this.#running.get(operation.id)
    if (running === undefined) return await this.get(keyOf(operation)) ?? operation
    if (ms === Infinity) return await running.finished
    return await withGrace(running.finished, ms, () => operation, new Set([this.#clock, systemClock]))
  }
}
