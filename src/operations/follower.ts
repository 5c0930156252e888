import type { Log } from '../core/log.js'
import { isPromise, type MaybePromise } from '../core/maybe-promise.js'
import type { Clock } from '../time/clock.js'
import { OVER } from '../time/grace.js'
import type { Cancellation } from './cancellation.js'
import { outcomeOf, withOutcome, type Operation, type Outcome } from './operation.js'
import { planned, type OperationPlan, type TimeLimit } from './plan.js'
import { untilAbandoned } from './run.js'
import type { Turn } from './turns.js'

/** What the follower needs of a run in progress. */
export interface Followed {
  readonly plan: OperationPlan
  readonly turn?: MaybePromise<Turn>
  readonly cancellation: Cancellation
}

export interface FollowerOptions {
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
  /** Milliseconds that a canceled run has to end. After that its operation ends without it. */
  readonly gracePeriod: number
}

/** Follows runs until their operations end. */
export class Follower {
  readonly #clock: Clock
  readonly #log: Pick<Log, 'warn'>
  readonly #gracePeriod: number

  constructor ({ clock, log, gracePeriod }: FollowerOptions) {
    this.#clock = clock
    this.#log = log
    this.#gracePeriod = gracePeriod
  }

  /** Resolves to the ended operation, once its run and its delay are over or it is canceled. */
  async end (operation: Operation, outcome: MaybePromise<Outcome>, followed: Followed): Promise<Operation> {
    const { plan, cancellation } = followed
    const delayed = plan.delay > 0 ? this.#clock.sleep(plan.delay, cancellation.signal).catch(() => {}) : undefined
    const reached = isPromise(outcome) ? await this.#limited(operation, outcome, followed) : outcome
    await delayed
    const { reason } = cancellation
    const endTime = this.#clock.now().getTime()
    return withOutcome(operation, reason === undefined ? planned(reached, plan) : outcomeOf(reason), endTime)
  }

  /** The outcome of a run. The run is canceled at its time limit. */
  async #limited (operation: Operation, outcome: Promise<Outcome>, followed: Followed): Promise<Outcome> {
    const { plan: { timeout }, cancellation } = followed
    if (timeout === undefined) return await this.#untilAbandoned(operation, outcome, cancellation)
    const over = new AbortController()
    this.#limit(timeout, followed, over.signal)
    try {
      return await this.#untilAbandoned(operation, outcome, cancellation)
    } finally {
      over.abort(OVER)
    }
  }

  /** Cancels the run `ms` milliseconds after its turn begins. */
  #limit ({ ms, error }: TimeLimit, { turn, cancellation }: Followed, over: AbortSignal): void {
    const begin = () => this.#clock.sleep(ms, over).then(() => cancellation.cancel(error()))
    const limited = isPromise(turn) ? turn.then(begin) : begin()
    limited.catch(() => {})
  }

  /** The outcome of a run. A canceled run has only the grace period to end. */
  async #untilAbandoned ({ id, resourceId }: Operation, outcome: Promise<Outcome>,
    cancellation: Cancellation): Promise<Outcome> {
    const ms = this.#gracePeriod
    return await untilAbandoned(outcome, cancellation, ms, () => {
      this.#log.warn(`the run of operation ${id} on ${resourceId} has not ended ${ms} ms after it was canceled; azrun no ` +
        'longer waits for it: an executor must end what it started and reject when its signal aborts')
    })
  }
}
