import type { Clock } from './clock.js'
import { end, failure, OperationError, type Operation, type OperationScope, type Outcome } from './operation.js'
import type { OperationStore } from './operation-store.js'

/** How an operation is to unfold, whatever the work does. */
export interface OperationPlan {
  /** Milliseconds that it stays in progress at the least. */
  readonly delay: number
}

export interface OperationStart {
  readonly scope: OperationScope
  /** The resource that is worked on; one operation at a time may hold it. */
  readonly target: string
  readonly plan: OperationPlan
  /**
   * The output where it is known already, which makes the operation one that is over when it begins, unless its plan
   * delays it; undefined where there is work to do. May throw as the work may reject.
   */
  answer? (): unknown
  /**
   * Resolves to the output; an `OperationError` fails the operation with its code. It is to stop when the controller's
   * signal aborts, and may itself abort; the reason then says how the operation ends.
   */
  work (controller: AbortController): Promise<unknown>
}

interface Running {
  readonly controller: AbortController
  readonly finished: Promise<Operation>
}

export interface OperationsOptions {
  readonly clock: Clock
  readonly store: OperationStore
  newId (): string
}

/** Starts operations, follows them to their end, and finds them again. */
export class Operations {
  readonly #clock: Clock
  readonly #store: OperationStore
  readonly #newId: () => string
  readonly #running = new Map<string, Running>()
  readonly #targets = new Set<string>()
  #lastScope: OperationScope | undefined

  constructor ({ clock, store, newId }: OperationsOptions) {
    this.#clock = clock
    this.#store = store
    this.#newId = newId
  }

  isBusy (target: string): boolean {
    return this.#targets.has(target)
  }

  /** Starts the work and answers the operation as it then is; the target must not be busy. */
  async start (start: OperationStart): Promise<Operation> {
    const { subscriptionId, location } = this.#scopeOf(start)
    const startTime = this.#clock.now()
    const operation: Operation = { id: this.#newId(), subscriptionId, location, startTime, status: 'InProgress' }
    const known = start.plan.delay > 0 ? undefined : knownOutcome(start)
    if (known !== undefined) {
      const ended = end(operation, known, startTime)
      await this.#store.put(ended)
      return ended
    }
    this.#targets.add(start.target)
    const controller = new AbortController()
    const stored = this.#store.put(operation)
    const finished = stored.then(() => this.#follow(operation, start, controller))
    this.#running.set(operation.id, { controller, finished })
    await stored
    return operation
  }

  get (id: string): Promise<Operation | undefined> {
    return this.#store.get(id)
  }

  /** The operation once it has ended, or as it stands after `ms` milliseconds (default: however long it takes). */
  async settle (operation: Operation, ms = Infinity): Promise<Operation> {
    if (operation.status !== 'InProgress' || ms <= 0) return operation
    const running = this.#running.get(operation.id)
    if (running === undefined) return await this.#store.get(operation.id) ?? operation
    if (ms === Infinity) return await running.finished
    const awake = new AbortController()
    const patience = this.#clock.sleep(ms, awake.signal).then(() => operation, () => operation)
    try {
      return await Promise.race([running.finished, patience])
    } finally {
      awake.abort()
    }
  }

  /** Cancels what runs, waits for its end, and forgets every operation. */
  async reset (): Promise<void> {
    await this.cancelAll('The emulator was reset before the operation ended.')
    await this.#store.clear()
  }

  /** Cancels what runs and waits for its end. */
  async cancelAll (message: string): Promise<void> {
    const running = [...this.#running.values()]
    for (const { controller } of running) controller.abort(new OperationError('OperationCanceled', message, { status: 'Canceled' }))
    await Promise.all(running.map(({ finished }) => finished))
  }

  async #follow (operation: Operation, start: OperationStart, controller: AbortController): Promise<Operation> {
    const { plan, target, work } = start
    const { signal } = controller
    const delay = plan.delay > 0 ? this.#clock.sleep(plan.delay, signal).catch(() => {}) : undefined
    let outcome: Outcome
    try {
      signal.throwIfAborted()
      outcome = { status: 'Succeeded', output: await work(controller) }
    } catch (reason) {
      outcome = failure(reason)
    }
    if (delay !== undefined) await delay
    if (signal.aborted) outcome = failure(signal.reason)
    const ended = end(operation, outcome, this.#clock.now())
    await this.#store.put(ended)
    this.#targets.delete(target)
    this.#running.delete(operation.id)
    return ended
  }

  /**
   * The scope as it may be kept: a piece of a URL would keep the whole of it in memory. Operations that follow one
   * another tend to be of one scope, and share its text.
   */
  #scopeOf ({ scope: { subscriptionId, location } }: OperationStart): OperationScope {
    const last = this.#lastScope
    if (last?.subscriptionId === subscriptionId && last.location === location) return last
    this.#lastScope = { subscriptionId: Buffer.from(subscriptionId).toString(), location }
    return this.#lastScope
  }
}

function knownOutcome ({ answer }: OperationStart): Outcome | undefined {
  try {
    const output = answer?.()
    return output === undefined ? undefined : { status: 'Succeeded', output }
  } catch (reason) {
    return failure(reason)
  }
}
