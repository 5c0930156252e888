import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Effects } from '../scenarios/effects.js'
import type { Clock } from '../time/clock.js'
import { answerResponse } from './answer-effect.js'
import { Delays } from './delays.js'
import { respond } from './respond.js'
import type { WaitingRequests } from './waiting-requests.js'

/** What the effects of a surface have of their own. */
export interface EffectsHookOptions {
  readonly clock: Clock
  readonly waitingRequests: WaitingRequests
  /** The path by which a reset finds a delayed request. */
  pathOf (request: FastifyRequest): string
  /** The delay of the response in milliseconds. */
  delayOf (effects: Effects): number
  /** The error for a request that a reset refuses during its delay. */
  resetError (): Error
  /** Throws if the request, after its delay, can no longer be handled. */
  checkAgain? (request: FastifyRequest): void
  /** Sends the error that the effects cause, if any, and resolves to whether there is one. May also reject with it. */
  refuse (effects: Effects, request: FastifyRequest, reply: FastifyReply): Promise<boolean>
}

/**
 * Applies effects before a handler runs: a delay, then an error or else the answer, after which no handler runs. Must
 * be added after the hook that finds the effects.
 */
export function addEffectsHook (app: FastifyInstance, options: EffectsHookOptions): void {
  const { waitingRequests } = options
  const delays = new Delays(app, options.clock)
  app.addHook('preHandler', (request, reply, done) => {
    const { effects } = request
    if (effects === undefined) done()
    else apply(effects, request, reply).then(hasEnded => { if (!hasEnded) done() }, done)
  })

  /** Resolves to whether the request was handled. */
  async function apply (effects: Effects, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
    const { answer } = effects
    const ms = options.delayOf(effects)
    if (ms > 0 && !await wait(request, reply, ms)) {
      app.recorder.record(request, undefined)
      reply.hijack()
      return true
    }
    if (await options.refuse(effects, request, reply)) return true
    if (answer !== undefined) respond(request, reply, answerResponse(answer))
    return answer !== undefined
  }

  /** Resolves to whether the client is still connected. */
  async function wait (request: FastifyRequest, reply: FastifyReply, ms: number): Promise<boolean> {
    return await waitingRequests.during(options.pathOf(request), async reset => {
      const isConnected = await delays.pass(reply, ms, reset)
      if (!isConnected) return false
      if (reset.aborted) throw options.resetError()
      options.checkAgain?.(request)
      return true
    })
  }
}
