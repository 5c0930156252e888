import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerResponse } from '../http/answer-effect.js'
import { Delays } from '../http/delays.js'
import { appliedScenario } from '../http/preferred-scenario.js'
import { respond } from '../http/respond.js'
import type { Lifetime } from '../identity/tokens.js'
import type { Effects } from '../scenarios/effects.js'
import type { EntraError } from './errors.js'
import type { Services } from './handler-types.js'
import { loginError, notReadyError, scenarioError, throttled } from './scenario-errors.js'

/**
 * Applies effects before a handler runs: delays, then one of error, throttle, answer and login, after which no handler
 * runs. Must be added after the hook that finds the effects.
 */
export function addEffects (app: FastifyInstance, { clock }: Pick<Services, 'clock'>): void {
  const delays = new Delays(app, clock)
  app.addHook('preHandler', (request, reply, done) => {
    const { effects } = request
    const scenario = appliedScenario(request)
    if (scenario !== undefined) reply.header('preference-applied', scenario)
    if (effects === undefined) done()
    else apply(effects, request, reply).then(hasEnded => { if (!hasEnded) done() }, done)
  })

  /** Resolves to whether the request was handled. Rejects with an error for the response. */
  async function apply (effects: Effects, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const { answer } = effects
    const ms = delayOf(effects)
    if (ms > 0 && !await delays.pass(reply, ms)) {
      reply.hijack()
      return true
    }
    const error = errorOf(effects, request)
    if (error !== undefined) throw error
    if (answer !== undefined) respond(request, reply, answerResponse(answer))
    return answer !== undefined
  }

  function errorOf ({ error, throttle, answer, login }: Effects, request: FastifyRequest): EntraError | undefined {
    if (error !== undefined) return scenarioError(error, request)
    if (throttle !== undefined) return throttled(throttle, request, clock.now())
    if (answer !== undefined) return undefined
    if (login === 'error') return loginError(request)
    return typeof login === 'object' && 'notReady' in login ? notReadyError(login.notReady) : undefined
  }
}

/** The lifetime of the token for this request, if a scenario changes it. */
export function lifetimeFor ({ effects }: FastifyRequest): Lifetime {
  const { login } = effects ?? {}
  return typeof login === 'object' && 'shortToken' in login ? { lifetime: login.shortToken, isShort: true } : {}
}

/** The delay of the response in milliseconds. */
function delayOf ({ delay, login }: Effects): number {
  return (delay?.ms ?? 0) + (typeof login === 'object' && 'slow' in login ? login.slow : 0)
}
