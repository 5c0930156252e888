import { Cancellation } from './cancellation.js'
import { systemClock, type Clock } from './clock.js'
import type { Course } from './course.js'
import { Follower } from './follower.js'
import { GRACE_PERIOD, withGrace } from './grace.js'
import type { Log } from './log.js'
import { afterwards, finallyDo, isPromise, then, type MaybePromise } from './maybe-promise.js'
import { OperationError, withOutcome, type Operation } from './operation.js'
import { keyOf, OperationRecords } from './operation-records.js'
import { planned, type OperationPlan } from './plan.js'
import type { ResourceId } from './resource-id.js'
import { beginRun, type Run } from './run.js'
import { Scope } from './scope.js'
import type { RecordKey, Store } from './store.js'
import type { Turns } from './turns.js'

export interface OperationStart {
  readonly action: string
  /** The resource that the action is done to. */
  readonly resourceId: ResourceId
  /** What it holds until it ends: one operation at a time. Default: its resource. */
  readonly claim?: RecordKey
  readonly location: string
  readonly plan: OperationPlan
  /** How clients are shown it. Default: as usual. */
  readonly course?: Course
  /** Where the run takes its turn, if only so many may go on at once. */
  readonly turns?: Turns
  /** If it returns without a promise and the plan has no delay, the operation starts completed. */
  readonly run: Run
  /** Called with the operation as it ends, before it is seen to have ended and frees what it holds. */
  ended? (operation: Operation): MaybePromise<void>
}

/** Another operation holds what this one needs. */
export class ResourceBusy extends Error {
  override readonly name = 'ResourceBusy'

  constructor ({ text }: ResourceId) {
    super(`An operation is in progress on ${text}.`)
  }
}

/** A start that waits for the store. */
interface Starting {
  readonly start: OperationStart
  readonly begun: Promise<Operation>
}

/** A reset that goes on. */
interface Reset {
  readonly scope: Scope
  readonly over: Promise<void>
}

interface Running {
  readonly start: OperationStart
  readonly cancellation: Cancellation
  readonly finished: Promise<Operation>
}

/** Which operations, by how they were started. */
type Concerned = (start: Pick<OperationStart, 'resourceId' | 'action'>) => boolean

interface Begun {
  readonly operation: Operation
  readonly start: OperationStart
  /** Settles once the store has the operation as it began, or has failed to keep it. */
  readonly kept: MaybePromise<void>
}

export interface OperationsOptions {
  readonly clock: Clock
  readonly store: Store
  readonly log: Pick<Log, 'warn'>
  /** Milliseconds that a canceled run has to end before its operation ends without it. Default: `GRACE_PERIOD`. */
  readonly gracePeriod?: number
  newId (): string
  /** Called with each operation that begins and ends. Default: nothing is. */
  onChange? (operation: Operation): void
}

/** Starts operations, follows them to their end, and finds them again. */
export class Operations {
  readonly #clock: Clock
  readonly #newId: () => string
  readonly #records: OperationRecords
  readonly #running = new Map<string, Running>()
  readonly #follower: Follower
  readonly #starting = new Set<Starting>()
  /** Operations on resources in their scopes start after them. */
  readonly #resets = new Set<Reset>()

  constructor ({ clock, store, log, gracePeriod = GRACE_PERIOD, newId, onChange = () => {} }: OperationsOptions) {
    this.#clock = clock
    this.#follower = new Follower({ clock, log, gracePeriod })
    this.#newId = newId
    this.#records = new OperationRecords(store, onChange)
  }

  /** Starts an operation and returns it as it then is. Throws or rejects with `ResourceBusy`, and then runs nothing. */
  start (start: OperationStart): MaybePromise<Operation> {
    const reset = this.#resets.size === 0 ? undefined : this.#resetOf(start.resourceId)
    if (reset !== undefined) return reset.over.then(() => this.start(start))
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

  /** The operation with this id, if it is kept. */
  get (key: RecordKey): MaybePromise<Operation | undefined> {
    return this.#records.get(key)
  }

  /**
   * The operation once it has ended, or as it stands after `ms` milliseconds (default: however long it takes). They
   * count by the clock and in real time: the owner of a virtual clock may be waiting for this very response.
   */
  settle (operation: Operation, ms = Infinity): MaybePromise<Operation> {
    return operation.status !== 'InProgress' || ms <= 0 ? operation : this.#wait(operation, ms)
  }

  /** Cancels the operations in progress on resources in a scope, by default all, and waits for their end. */
  async cancelAll (message: string, scope = Scope.everything): Promise<void> {
    const reason = new OperationError('OperationCanceled', message, { status: 'Canceled' })
    await this.cancel(({ resourceId }) => scope.contains(resourceId), reason)
  }

  /** Cancels the operations in progress that are concerned, and waits for their end; at once, if there are none. */
  cancel (isConcerned: Concerned, reason: OperationError): MaybePromise<void> {
    const canceled = this.#cancelRunning(isConcerned, reason)
    // They hold what they need already, or soon will.
    const starting = [...this.#starting].filter(({ start }) => isConcerned(start))
    if (canceled.length === 0 && starting.length === 0) return undefined
    return this.#untilEnded(canceled, starting, () => this.#cancelRunning(isConcerned, reason))
  }

  /**
   * Cancels the operations on resources in a scope, then calls `clear`, which is to clear the store below the scope.
   * What is started there meanwhile starts after that. Resolves to how many operations were kept, and are forgotten.
   */
  async reset (scope: Scope, message: string, clear: () => MaybePromise<void>): Promise<number> {
    const before = [...this.#resets].filter(reset => reset.scope.overlaps(scope))
    let forgotten = 0
    const resetting = (async () => {
      await Promise.all(before.map(({ over }) => over))
      await finallyDo(() => this.cancelAll(message, scope), async () => {
        forgotten = await this.#records.sweep(scope)
        await clear()
      })
    })()
    const over = resetting.catch(() => {}).then(() => { this.#resets.delete(reset) })
    const reset = { scope, over }
    this.#resets.add(reset)
    await resetting
    return forgotten
  }

  #resetOf (resourceId: ResourceId): Reset | undefined {
    return [...this.#resets].find(({ scope }) => scope.contains(resourceId))
  }

  #cancelRunning (isConcerned: Concerned, reason: OperationError): Running[] {
    const running = [...this.#running.values()].filter(({ start }) => isConcerned(start))
    for (const { cancellation } of running) cancellation.cancel(reason)
    return running
  }

  /** Waits for operations that are canceled, and for those that are starting and then canceled, too. */
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
    // If the store fails, those who wait for the end get its error; if nobody waits, it must not end the process.
    finished.catch(() => {})
    this.#running.set(id, { start, cancellation, finished })
    return then(kept, () => operation)
  }

  /** Keeps an operation that is in progress. If the store fails, nobody can follow the operation: it is canceled. */
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

  /** Keeps an operation that starts completed. */
  #completed (ended: Operation, start: OperationStart): MaybePromise<Operation> {
    const keep = () => this.#records.end(ended, claimOf(start))
    return start.ended === undefined ? keep() : afterwards(() => start.ended!(ended), keep)
  }

  /** Keeps an operation as it ends. */
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

function claimOf ({ claim, resourceId }: OperationStart): RecordKey {
  return claim ?? resourceId
}
