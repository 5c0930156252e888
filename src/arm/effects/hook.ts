import type { FastifyInstance, FastifyRequest } from 'fastify'
import { addEffectsHook, type EffectsHookOptions } from '../../http/effects-hook.js'
import type { Effects } from '../../scenarios/effects.js'
import { logError, respondWithError, type ErrorHandlerOptions, type ErrorResponse } from '../error-handler.js'
import { ArmError } from '../errors/arm-error.js'
import { scenarioError, valuesOf, type ErrorContext } from './errors.js'
import { throttled } from './throttling.js'

export interface EffectOptions extends ErrorHandlerOptions, ErrorContext, Pick<EffectsHookOptions, 'waitingRequests'> {
  /** Throws Azure's error if the resource of the path does not exist. */
  checkResource (request: FastifyRequest): void
}

const RESET = { code: 'OperationCanceled', message: 'The emulator was reset before the request was handled.' }

/**
 * Applies effects before a handler runs: a delay, then one of error, throttle, answer and a poll's error. Must be added
 * after the hook that finds the effects.
 */
export function addEffects (app: FastifyInstance, options: EffectOptions): void {
  addEffectsHook(app, {
    clock: options.clock,
    waitingRequests: options.waitingRequests,
    pathOf: ({ resourceId, url }) => resourceId?.text ?? url,
    delayOf: ({ delay }) => delay?.ms ?? 0,
    resetError: () => new ArmError('OperationFailed', RESET),
    // The resource may have been deleted meanwhile.
    checkAgain: options.checkResource,
    async refuse (effects, request, reply) {
      const error = await errorOf(effects, request)
      if (error === undefined) return false
      respondWithError(error, request, reply, options)
      logError(error, request, options)
      return true
    }
  })

  async function errorOf (effects: Effects, request: FastifyRequest): Promise<ErrorResponse | undefined> {
    const { error, throttle, answer, poll } = effects
    if (error !== undefined) return await scenarioError(error, request, options)
    if (throttle !== undefined) {
      const { objectId, tenantId } = await valuesOf(request, options)
      return throttled(throttle, request, {
        now: options.clock.now(),
        objectId: objectId!,
        tenantId: tenantId!,
        correlationId: options.headers.correlationIdOf(request)
      })
    }
    return answer === undefined && typeof poll === 'object' ? await scenarioError(poll.error, request, options) : undefined
  }
}
