import type { Course } from '../../operations/course.js'
import { outcomeOf, type Outcome } from '../../operations/operation.js'
import type { OperationPlan } from '../../operations/plan.js'
import type { OperationEffect } from '../../scenarios/scenario.js'
import { fill } from '../errors/arm-error.js'
import type { Pace } from '../operations/courses.js'

/** The plan of an operation without an effect, with what an effect needs to know. */
export interface UsualPlan extends Required<Omit<OperationPlan, 'outcome'>> {
  /** Selects the duration, if an effect has one for each pace. */
  readonly pace: Pace
  readonly vmName: string
  /** The operation's output if its run has none. Default: nothing. */
  output? (): object
}

/** The plan of an operation with an effect of a scenario. */
export function planOf (effect: OperationEffect, { pace, vmName, output, ...usual }: UsualPlan): OperationPlan {
  const { duration: given = 0, outcome } = effect
  const duration = typeof given === 'number' ? given : given[pace]
  const { delay, timeout } = usual
  if (outcome === 'timedOut') return { delay: Math.max(delay, duration), outcome: outcomeOf(timeout.error()) }
  if (outcome !== undefined) return { delay: Math.max(delay, duration), outcome: ends(outcome, vmName, output) }
  if (duration <= timeout.ms) return { ...usual, delay: Math.max(delay, duration) }
  return { ...usual, delay: Math.max(delay, timeout.ms), outcome: outcomeOf(timeout.error()) }
}

/** The course of an operation with an effect; undefined if it is the usual one. */
export function courseOf ({ duration, outcome, answeredBy, ...course }: OperationEffect): Course | undefined {
  return Object.keys(course).length === 0 ? undefined : course
}

/** The code and the message of a canceled operation are inferred. */
function ends (outcome: Exclude<NonNullable<OperationEffect['outcome']>, 'timedOut'>, vmName: string,
  output?: () => object): Outcome {
  if (outcome === 'succeeded') return { status: 'Succeeded', output: output?.() }
  if (outcome !== 'canceled') return { status: 'Failed', error: { ...outcome, message: fill(outcome.message, { vmName }) } }
  return { status: 'Canceled', error: { code: 'OperationCanceled', message: 'The operation was canceled.' } }
}
