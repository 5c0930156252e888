import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WaitingRequests } from '../../core/waiting-requests.js'
import { answerResponse } from '../../http/answer-effect.js'
import { Delays } from '../../http/delays.js'
import { respond } from '../../http/respond.js'
import type { Effects } from '../../scenarios/effects.js'
import { logError, respondWithError, type ErrorHandlerOptions, type ErrorResponse } from '../error-handler.js'
import { ArmError } from '../errors/arm-error.js'
import { scenarioError, valuesOf, type ErrorContext } from './errors.js'
import { throttled } from './throttling.js'

export interface EffectOptions extends ErrorHandlerOptions, ErrorContext {
  readonly waitingRequests: WaitingRequests
  /** Throws Azure's error if the resource of the path does not exist. */
  checkResource (request: FastifyRequest): void
}

const RESET = { code: 'OperationCanceled', message: 'The emulator was reset before the request was handled.' }

/**
 * Applies effects before a handler runs: a delay, then one of error, throttle, answer and a poll's error, after which
 * no handler runs. Must be added after the hook that finds the effects.
 */
export function addEffects (app: FastifyInstance, options: EffectOptions): void {
  const delays = new Delays(app, options.clock)
  app.addHook('preHandler', (request, reply, done) => {
    const { effects } = request
    if (effects === undefined) done()
    else apply(effects, request, reply).then(hasEnded => { if (!hasEnded) done() }, done)
  })

  /** Resolves to whether the request was handled. */
  async function apply (effects: Effects, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const { delay, answer } = effects
    if (delay !== undefined && !await wait(request, reply, delay.ms)) {
      reply.hijack()
      return true
    }
    const error = await errorOf(effects, request)
    if (error !== undefined) {
      respondWithError(error, request, reply, options)
      logError(error, request, options)
    } else if (answer !== undefined) {
      respond(request, reply, answerResponse(answer))
    }
    return error !== undefined || answer !== undefined
  }

  /** Resolves to whether the client is still connected. */
  async function wait (request: FastifyRequest, reply: FastifyReply, ms: number): Promise<boolean> {
    const path = request.resourceId?.text ?? request.url
    return await options.waitingRequests.during(path, async reset => {
      const isConnected = await delays.pass(reply, ms, reset)
      if (!isConnected) return false
      if (reset.aborted) throw new ArmError('OperationFailed', RESET)
      // The resource may have been deleted meanwhile.
      options.checkResource(request)
      return true
    })
  }

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
