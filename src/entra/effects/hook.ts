import type { FastifyInstance, FastifyRequest } from 'fastify'
import { addEffectsHook, type EffectsHookOptions } from '../../http/effects-hook.js'
import { appliedScenario } from '../../http/preferred-scenario.js'
import type { Lifetime } from '../../identity/tokens.js'
import type { Effects } from '../../scenarios/effects.js'
import { EntraError } from '../errors/entra-error.js'
import { loginError, notReadyError, scenarioError, throttled } from './errors.js'

export type EffectOptions = Pick<EffectsHookOptions, 'clock' | 'waitingRequests'>

/**
 * Applies effects before a handler runs: delays, then one of error, throttle, answer and login. Must be added after the
 * hook that finds the effects.
 */
export function addEffects (app: FastifyInstance, { clock, waitingRequests }: EffectOptions): void {
  app.addHook('preHandler', (request, reply, done) => {
    const scenario = appliedScenario(request)
    if (scenario !== undefined) reply.header('preference-applied', scenario)
    done()
  })
  addEffectsHook(app, {
    clock,
    waitingRequests,
    // No subscription has logins, so that only a reset of everything refuses them.
    pathOf: ({ url }) => url,
    delayOf,
    resetError: () => new EntraError('EmulatorReset'),
    async refuse (effects, request) {
      const error = errorOf(effects, request)
      if (error !== undefined) throw error
      return false
    }
  })

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
