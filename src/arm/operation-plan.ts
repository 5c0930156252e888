import { outcomeOf, type Outcome } from '../core/operation.js'
import type { OperationPlan } from '../core/operations.js'
import type { Course } from '../core/course.js'
import type { OperationEffect } from '../scenarios/scenario.js'

/** The plan of an operation without an effect, and what it then has for an output if its run has none. */
export interface UsualPlan extends Required<Omit<OperationPlan, 'outcome'>> {
  output (): object
}

/** How an operation unfolds that a scenario has an effect on. */
export function planOf ({ duration = 0, outcome }: OperationEffect, { output, ...usual }: UsualPlan): OperationPlan {
  const { delay, timeout } = usual
  if (outcome !== undefined) return { delay: Math.max(delay, duration), outcome: ends(outcome, output) }
  if (duration <= timeout.ms) return { ...usual, delay: Math.max(delay, duration) }
  return { ...usual, delay: Math.max(delay, timeout.ms), outcome: outcomeOf(timeout.error()) }
}

/** How clients are shown it; undefined if as usual. */
export function courseOf ({ duration, outcome, answeredBy, ...course }: OperationEffect): Course | undefined {
  return Object.keys(course).length === 0 ? undefined : course
}

/** The code and the message of a canceled operation are inferred. */
function ends (outcome: NonNullable<OperationEffect['outcome']>, output: () => object): Outcome {
  if (outcome === 'succeeded') return { status: 'Succeeded', output: output() }
  if (outcome !== 'canceled') return { status: 'Failed', error: outcome }
  return { status: 'Canceled', error: { code: 'OperationCanceled', message: 'The operation was canceled.' } }
}
