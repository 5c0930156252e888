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

export interface OperationErrorOptions extends ErrorOptions {
  /** How an operation ends that this error ends. Default: `Failed`. */
  readonly status?: 'Failed' | 'Canceled'
}

/** Ends an operation with this code and message: thrown by its work, or the reason for which it is aborted. */
export class OperationError extends Error {
  readonly code: string
  readonly status: 'Failed' | 'Canceled'

  constructor (code: string, message: string, { status = 'Failed', ...options }: OperationErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.status = status
  }
}

/** How an operation ends. */
export type Outcome =
  | { readonly status: 'Succeeded', readonly output: unknown }
  | { readonly status: 'Failed' | 'Canceled', readonly error: ErrorDetail }

/** The outcome of work that throws this. */
export function failure (reason: unknown): Outcome {
  if (reason instanceof OperationError) {
    const { status, code, message } = reason
    return { status, error: { code, message } }
  }
  const message = reason instanceof Error ? reason.message : String(reason)
  return { status: 'Failed', error: { code: 'InternalExecutionError', message } }
}

/** Written out: two spreads here would make a runCommand that is answered at once a fifth dearer. */
export function end (operation: Operation, outcome: Outcome, endTime: Date): Operation {
  const { id, subscriptionId, location, startTime } = operation
  return outcome.status === 'Succeeded'
    ? { id, subscriptionId, location, startTime, status: outcome.status, endTime, output: outcome.output }
    : { id, subscriptionId, location, startTime, status: outcome.status, endTime, error: outcome.error }
}
