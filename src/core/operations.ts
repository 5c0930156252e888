import type { Clock } from './clock.js'
import type { OperationStore } from './operation-store.js'

/** What an Azure error says; the same shape in a failed operation and in an error body. */
export interface ErrorDetail {
  readonly code: string
  readonly message: string
}

/** Where an operation can be asked for. */
export interface OperationScope {
  readonly subscriptionId: string
  readonly location: string
}

/** One of Azure's long-running operations. */
export type Operation = OperationScope & { readonly id: string, readonly startTime: Date } & (
  | { readonly status: 'InProgress' }
  | { readonly status: 'Succeeded', readonly endTime: Date, readonly output: unknown }
  | { readonly status: 'Failed' | 'Canceled', readonly endTime: Date, readonly error: ErrorDetail })

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
  /** Resolves to the output. An `OperationError` fails the operation with its code; the signal asks it to stop. */
  work (signal: AbortSignal): Promise<unknown>
}

/** Thrown by an operation's work to fail the operation with this code and message. */
export class OperationError extends Error {
  readonly code: string

  constructor (code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

interface Running {
  readonly controller: AbortController
  readonly finished: Promise<Operation>
}

type Outcome =
  | { readonly status: 'Succeeded', readonly output: unknown }
  | { readonly status: 'Failed' | 'Canceled', readonly error: ErrorDetail }

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

  constructor ({ clock, store, newId }: OperationsOptions) {
    this.#clock = clock
    this.#store = store
    this.#newId = newId
  }

  isBusy (target: string): boolean {
    return this.#targets.has(target)
  }

  /** Starts the work and answers the operation in progress; the target must not be busy. */
  async start (start: OperationStart): Promise<Operation> {
    this.#targets.add(start.target)
    const operation: Operation = {
      id: this.#newId(),
      subscriptionId: start.scope.subscriptionId,
      location: start.scope.location,
      startTime: this.#clock.now(),
      status: 'InProgress'
    }
    const controller = new AbortController()
    const stored = this.#store.put(operation)
    const finished = stored.then(() => this.#follow(operation, start, controller.signal))
    this.#running.set(operation.id, { controller, finished })
    await stored
    return operation
  }

  async get (id: string): Promise<Operation | undefined> {
    return await this.#store.get(id)
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
    for (const { controller } of running) controller.abort(new OperationError('OperationCanceled', message))
    await Promise.all(running.map(({ finished }) => finished))
  }

  async #follow (operation: Operation, start: OperationStart, signal: AbortSignal): Promise<Operation> {
    const outcome = await this.#outcome(start, signal)
    const ended = { ...operation, endTime: this.#clock.now(), ...outcome }
    await this.#store.put(ended)
    this.#targets.delete(start.target)
    this.#running.delete(operation.id)
    return ended
  }

  async #outcome ({ plan, work }: OperationStart, signal: AbortSignal): Promise<Outcome> {
    const delay = plan.delay > 0 ? this.#clock.sleep(plan.delay, signal) : undefined
    const [result] = await Promise.allSettled([attempt(work, signal), delay])
    if (signal.aborted) return { status: 'Canceled', error: toErrorDetail(signal.reason) }
    if (result.status === 'rejected') return { status: 'Failed', error: toErrorDetail(result.reason) }
    return { status: 'Succeeded', output: result.value }
  }
}

/** Work that throws before it has promised anything fails like any other; what was cancelled by then is not begun. */
async function attempt (work: OperationStart['work'], signal: AbortSignal): Promise<unknown> {
  signal.throwIfAborted()
  return await work(signal)
}

function toErrorDetail (reason: unknown): ErrorDetail {
  if (reason instanceof OperationError) return { code: reason.code, message: reason.message }
  return { code: 'InternalExecutionError', message: reason instanceof Error ? reason.message : String(reason) }
}
