import { finallyDo, isPromise, type MaybePromise } from '../core/maybe-promise.js'
import { withGrace } from '../time/grace.js'
import type { Cancellation, RunContext } from './cancellation.js'
import { outcomeOf, type Outcome } from './operation.js'
import type { Turn } from './turns.js'

/**
 * The work of an operation. Its result is the operation's output. If it throws an `OperationError`, the operation fails
 * with that code.
 */
export type Run = (context: RunContext) => MaybePromise<{ readonly result?: object }>

/** Starts a run, if necessary once it has its turn, and releases the turn at its end. */
export function beginRun (run: Run, context: RunContext, turn?: MaybePromise<Turn>): MaybePromise<Outcome> {
  if (turn === undefined) return attempt(run, context)
  const inTurn = ({ release }: Turn) => finallyDo(() => attempt(run, context), release)
  return isPromise(turn) ? turn.then(inTurn, outcomeOf) : inTurn(turn)
}

/** The outcome of a run, or that of its cancellation if the run does not end within `ms` milliseconds of it. */
export async function untilAbandoned (outcome: Promise<Outcome>, { canceled }: Cancellation, ms: number,
  onAbandoned: () => void): Promise<Outcome> {
  const ended = canceled.then(async reason => await withGrace(outcome, ms, () => {
    onAbandoned()
    return outcomeOf(reason)
  }))
  return await Promise.race([outcome, ended])
}

function attempt (run: Run, context: RunContext): MaybePromise<Outcome> {
  try {
    const outcome = run(context)
    return isPromise(outcome) ? outcome.then(succeeded, outcomeOf) : succeeded(outcome)
  } catch (error) {
    return outcomeOf(error)
  }
}

function succeeded ({ result }: { readonly result?: object }): Outcome {
  return { status: 'Succeeded', output: result }
}
