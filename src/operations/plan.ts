import type { OperationError, Outcome } from './operation.js'

/** How long an operation takes and how it ends, whatever its run does. */
export interface OperationPlan {
  /** The minimum time that the operation stays InProgress, in milliseconds. */
  readonly delay: number
  /** The limit for the run, counted from the start of its turn. */
  readonly timeout?: TimeLimit
  /** How the operation ends, whatever its run does. If both succeed, it has the output of the run. */
  readonly outcome?: Outcome
}

export interface TimeLimit {
  readonly ms: number
  /** The error that ends an operation whose run takes longer. */
  error (): OperationError
}

/** The outcome of an operation, from that of its run and its plan. */
export function planned (reached: Outcome, { outcome }: OperationPlan): Outcome {
  if (outcome === undefined || (outcome.status === 'Succeeded' && reached.status === 'Succeeded')) return reached
  return outcome
}
