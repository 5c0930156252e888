import type { FastifyRequest } from 'fastify'
import { then, type MaybePromise } from '../../core/maybe-promise.js'
import type { Operation } from '../../operations/operation.js'
import type { AcceptedForm, OperationResponses } from '../operations/response.js'
import type { ArmResponse } from '../responses/arm-response.js'
import { preferenceOf, type Preference, type Respond } from '../responses/prefer.js'
import { preferenceApplied } from '../responses/preference-applied.js'
import type { Services } from './handler-types.js'

export type RespondWithOperation =
  (request: FastifyRequest, started: Operation, form: AcceptedForm) => MaybePromise<ArmResponse>

/** Responds to an action that started an operation: with 202, or with the result if the client prefers to wait. */
export function createResponder ({ operations, settings }: Services,
  responses: OperationResponses): RespondWithOperation {
  return (request, started, form) => {
    const { wait, applied } = preferenceFor(request, settings.respond)
    return then(operations.settle(started, wait), operation => {
      const view = { operation, request }
      const response = wait === 0 || operation.status === 'InProgress'
        ? responses.accepted(view, form)
        : responses.result(view, form, operation.id)
      if (applied === undefined) return response
      const { headers = [] } = response
      const all = preferenceApplied(request, headers, applied)!
      return { ...response, headers: [...headers, 'Preference-Applied', all] }
    })
  }
}

/** An operation with an effect of a scenario gets 202, so that it is polled, unless the effect says otherwise. */
function preferenceFor ({ headers: { prefer }, effects }: FastifyRequest, respond: Respond): Preference {
  const effect = effects?.operation
  return effect === undefined ? preferenceOf(prefer, respond) : { wait: effect.answeredBy === 200 ? Infinity : 0 }
}
