import type { Cancellation, RunContext } from './cancellation.js'
import { withGrace } from './grace.js'
import { finallyDo, isPromise, type MaybePromise } from './maybe-promise.js'
import { outcomeOf, type Outcome } from './operation.js'
import type { Turn } from './turns.js'

/**
 * What an operation does. What it returns or resolves to has the operation's output; an `OperationError` fails the
 * operation with its code.
 */
export type Run = (context: RunContext) => MaybePromise<{ readonly result?: object }>

/** The outcome of a run, which begins once it has its turn, if it needs one, and then gives that back. */
export function beginRun (run: Run, context: RunContext, turn?: MaybePromise<Turn>): MaybePromise<Outcome> {
  if (turn === undefined) return attempt(run, context)
  const inTurn = ({ release }: Turn) => finallyDo(() => attempt(run, context), release)
  return isPromise(turn) ? turn.then(inTurn, outcomeOf) : inTurn(turn)
}

/** The outcome of a run; that of its cancellation, if the run goes on for more than `ms` milliseconds after it. */
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
