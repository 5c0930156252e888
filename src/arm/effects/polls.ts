import type { FastifyRequest } from 'fastify'
import { inProgress, withOutcome, type Operation } from '../../operations/operation.js'
import type { PollEffect } from '../../scenarios/scenario.js'
import type { Clock } from '../../time/clock.js'
import { Counts } from '../operations/counts.js'
import type { OperationResponses } from '../operations/response.js'
import type { OperationView } from '../operations/urls.js'
import type { ArmResponse } from '../responses/arm-response.js'

export interface PollEffectsOptions {
  readonly clock: Clock
  readonly responses: OperationResponses
}

/** The effects except an error, which is handled earlier. */
type PollForm = Exclude<PollEffect, object>
type View = OperationView & { readonly request: FastifyRequest }

/** The number of polls of the result that get 202 after the status is Succeeded. */
const LATE_POLLS = 2

const STATUS = /^ {2}"status": "\w+",\r\n/m

/**
 * Change the response to a poll. All of them are inferred: cases in the tests of Azure's client generator
 * (autorest.testserver), in the form of Compute's responses. The first two do not change the response of Location,
 * which has no status.
 */
const FORMS: Readonly<Record<Exclude<PollForm, 'lateResult'>, (response: ArmResponse) => ArmResponse>> = {
  noStatus: response => ({ ...response, body: response.body?.replace(STATUS, '') }),
  unknownStatus: response => ({ ...response, body: response.body?.replace(STATUS, '  "status": "Unknown",\r\n') }),
  emptyBody: response => ({ ...response, status: 200, body: undefined }),
  invalidJson: response => ({ ...response, status: 200, body: response.body?.slice(0, -1) ?? '{' })
}

/** Responds to polls with an effect of a scenario. It never holds them, whatever the pace. */
export class PollEffects {
  readonly #clock: Clock
  readonly #responses: OperationResponses
  /** How often a late result was polled, by operation. */
  readonly #late = new Counts()

  constructor ({ clock, responses }: PollEffectsOptions) {
    this.#clock = clock
    this.#responses = responses
  }

  /** Throws for the result of a failed operation, like any poll. */
  respond (effect: PollForm, view: View): ArmResponse {
    if (effect === 'lateResult') return this.#lateResult(view)
    return FORMS[effect](this.#responses.poll(view))
  }

  #lateResult (view: View): ArmResponse {
    const { operation, request } = view
    const { monitor } = request.query as { readonly monitor?: string }
    if (monitor === undefined) return this.#responses.status({ operation: this.#succeeded(operation), request })
    const isLate = this.#late.next(operation.id) <= LATE_POLLS
    return this.#responses.result({ operation: isLate ? inProgress(operation) : operation, request })
  }

  #succeeded (operation: Operation): Operation {
    if (operation.status === 'Succeeded') return operation
    return withOutcome(operation, { status: 'Succeeded' }, this.#clock.now().getTime())
  }
}
