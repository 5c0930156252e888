import type { OperationError, Outcome } from './operation.js'

/** How long an operation takes, whatever its run does. */
export interface OperationPlan {
  /** Minimum time that it stays InProgress, in milliseconds. */
  readonly delay: number
  /** Ends a run that takes longer than `ms` milliseconds from its turn on; the operation then ends with this error. */
  readonly timeout?: TimeLimit
  /** How it ends, whatever its run does. One that succeeds has the output of its run, if that succeeds too. */
  readonly outcome?: Outcome
}

export interface TimeLimit {
  readonly ms: number
  error (): OperationError
}

/** How an operation ends whose run has ended so. */
export function planned (reached: Outcome, { outcome }: OperationPlan): Outcome {
  if (outcome === undefined || (outcome.status === 'Succeeded' && reached.status === 'Succeeded')) return reached
  return outcome
}
