import type { Course } from './course.js'

/** Code and message of a failed operation, as Azure shows them. */
export interface ErrorDetail {
  readonly code: string
  readonly message: string
}

interface OperationBase {
  readonly id: string
  /** Such as `Microsoft.Compute/virtualMachines/runCommand/action`. */
  readonly action: string
  /** The path of the resource that the action is done to. */
  readonly resourceId: string
  readonly subscriptionId: string
  readonly location: string
  /** Milliseconds since 1970. */
  readonly startTime: number
  /** Absent from ordinary operations. */
  readonly course?: Course
}

/** One of Azure's long-running operations: a plain record, which a store can keep as JSON. */
export type Operation = OperationBase & (
  | { readonly status: 'InProgress' }
  | { readonly status: 'Succeeded', readonly endTime: number, readonly output?: object }
  | { readonly status: 'Failed' | 'Canceled', readonly endTime: number, readonly error: ErrorDetail })

/** The collection of the operations of a subscription and location: clients poll each below it, by its id. */
export function operationsPath ({ subscriptionId, location }: Pick<Operation, 'subscriptionId' | 'location'>): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/${location}/operations`
}

export interface OperationErrorOptions extends ErrorOptions {
  /** The status of the operation that this error ends. Default: `Failed`. */
  readonly status?: 'Failed' | 'Canceled'
}

/** Ends an operation with this code and message: thrown by its run, or given as the reason to cancel it. */
export class OperationError extends Error {
  readonly code: string
  readonly status: 'Failed' | 'Canceled'

  constructor (code: string, message: string, { status = 'Failed', ...options }: OperationErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.status = status
  }
}

/** Why an operation ends for a later one (recorded: azure-sdk-for-python #5167). */
export function preemption (): OperationError {
  return new OperationError('OperationPreempted', 'Operation execution has been preempted by a more recent operation.')
}

/** How an operation ends. */
export type Outcome =
  | { readonly status: 'Succeeded', readonly output?: object }
  | { readonly status: 'Failed' | 'Canceled', readonly error: ErrorDetail }

/** The outcome of a run that throws this. */
export function outcomeOf (reason: unknown): Outcome {
  if (reason instanceof OperationError) {
    const { status, code, message } = reason
    return { status, error: { code, message } }
  }
  const message = reason instanceof Error ? reason.message : String(reason)
  return { status: 'Failed', error: { code: 'InternalExecutionError', message } }
}

/** The operation as it was before it ended. */
export function inProgress (operation: Operation): Operation {
  const { id, action, resourceId, subscriptionId, location, startTime, course } = operation
  const begun: Operation = { id, action, resourceId, subscriptionId, location, startTime, status: 'InProgress' }
  return course === undefined ? begun : { ...begun, course }
}

/** The operation as it ends. Written out: two spreads would make an immediate runCommand 3 us slower on Node 20. */
export function withOutcome (operation: Operation, outcome: Outcome, endTime: number): Operation {
  const { id, action, resourceId, subscriptionId, location, startTime, course } = operation
  const { status } = outcome
  const ended: Operation = status === 'Succeeded'
    ? { id, action, resourceId, subscriptionId, location, startTime, status, endTime, output: outcome.output }
    : { id, action, resourceId, subscriptionId, location, startTime, status, endTime, error: outcome.error }
  return course === undefined ? ended : { ...ended, course }
}
