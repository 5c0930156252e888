import { messageOf } from '../core/message-of.js'
import type { Course } from './course.js'

/** The error of a failed operation, as in Azure's response. */
export interface ErrorDetail {
  readonly code: string
  readonly message: string
}

interface OperationBase {
  readonly id: string
  /** Such as `Microsoft.Compute/virtualMachines/runCommand/action`. */
  readonly action: string
  /** The path of the resource that the action is on. */
  readonly resourceId: string
  readonly subscriptionId: string
  readonly location: string
  /** Milliseconds since 1970. */
  readonly startTime: number
  /** Only where a scenario changes the operation. */
  readonly course?: Course
}

/** One of Azure's long-running operations, as a plain record that a store can keep as JSON. */
export type Operation = OperationBase & (
  | { readonly status: 'InProgress' }
  | { readonly status: 'Succeeded', readonly endTime: number, readonly output?: object }
  | { readonly status: 'Failed' | 'Canceled', readonly endTime: number, readonly error: ErrorDetail })

/** The collection of a subscription's operations in a location. Clients poll each of them there by its id. */
export function operationsPath ({ subscriptionId, location }: Pick<Operation, 'subscriptionId' | 'location'>): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/${location}/operations`
}

export interface OperationErrorOptions extends ErrorOptions {
  /** The status that the operation ends with. Default: `Failed`. */
  readonly status?: 'Failed' | 'Canceled'
}

/** Ends an operation with this code and message. A run throws it, or it is the reason for a cancellation. */
export class OperationError extends Error {
  readonly code: string
  readonly status: 'Failed' | 'Canceled'

  constructor (code: string, message: string, { status = 'Failed', ...options }: OperationErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.status = status
  }
}

/** The error of an operation that a later one ends (recorded: azure-sdk-for-python #5167). */
export function preemption (): OperationError {
  return new OperationError('OperationPreempted', 'Operation execution has been preempted by a more recent operation.')
}

/** How an operation ends. */
export type Outcome =
  | { readonly status: 'Succeeded', readonly output?: object }
  | { readonly status: 'Failed' | 'Canceled', readonly error: ErrorDetail }

/** The outcome of a run that fails with this reason. */
export function outcomeOf (reason: unknown): Outcome {
  if (reason instanceof OperationError) {
    const { status, code, message } = reason
    return { status, error: { code, message } }
  }
  return { status: 'Failed', error: { code: 'InternalExecutionError', message: messageOf(reason) } }
}

/** The operation as it was before it ended. */
export function inProgress (operation: Operation): Operation {
  const { id, action, resourceId, subscriptionId, location, startTime, course } = operation
  const begun: Operation = { id, action, resourceId, subscriptionId, location, startTime, status: 'InProgress' }
  return course === undefined ? begun : { ...begun, course }
}

/** The ended operation. Without spreads: two of them make an immediate runCommand 3 us slower on Node 20. */
export function withOutcome (operation: Operation, outcome: Outcome, endTime: number): Operation {
  const { id, action, resourceId, subscriptionId, location, startTime, course } = operation
  const { status } = outcome
  const ended: Operation = status === 'Succeeded'
    ? { id, action, resourceId, subscriptionId, location, startTime, status, endTime, output: outcome.output }
    : { id, action, resourceId, subscriptionId, location, startTime, status, endTime, error: outcome.error }
  return course === undefined ? ended : { ...ended, course }
}
