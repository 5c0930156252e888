import type { FastifyRequest } from 'fastify'
import type { Log } from '../../core/log.js'
import { createWarnOnce } from '../../core/warn-once.js'
import type { Effects } from '../../scenarios/effects.js'

/** An effect of a scenario that cannot change the request that it matches. */
export interface IdleEffect {
  /** Its kind or, if the rest of it applies, kind and member, such as `operation.answeredBy`. */
  readonly effect: string
  /** Why it cannot, as the end of a sentence. */
  readonly why: string
}

export type WarnOfIdle = (request: FastifyRequest, idle: readonly IdleEffect[]) => void

/** Returns a function that warns of idle effects: of each once for an operation and its scenarios. */
export function createIdleWarnings (log: Pick<Log, 'warn'>): WarnOfIdle {
  const warnOnce = createWarnOnce(log)
  return ({ effects, operation, method, url }, idle) => {
    for (const { effect, why } of idle) {
      const names = effects!.scenarios.join(', ')
      warnOnce(`${names}\n${effect}\n${operation!.operationId}`, () =>
        `scenario ${names}: the effect ${effect} does nothing to ${method} ${url.split('?')[0]}, because ${why}`)
    }
  }
}

/** Of a PUT or PATCH. Its response is the resource, and by default no URL is for a result. */
export function idleInWrite ({ operation }: Partial<Effects> = {}): IdleEffect[] {
  const { answeredBy, noContent = false, headers } = operation ?? {}
  const hasResult = headers === 'both' || headers === 'location'
  return [
    ...idle(answeredBy !== undefined, 'operation.answeredBy', 'Azure responds to a write at once, with the resource'),
    ...idle(noContent && !hasResult, 'operation.noContent', "a write has a result to fetch only with 'headers' both or location")
  ]
}

/** Of a write that does not run the script, or not as a script. */
export function idleInGuest ({ guest }: Partial<Effects> = {}, why: string): IdleEffect[] {
  return idle(guest !== undefined, 'guest', why)
}

/** Of a DELETE. Its response is always 202. */
export function idleInDeletion ({ operation }: Partial<Effects> = {}): IdleEffect[] {
  return idle(operation?.answeredBy === 200, 'operation.answeredBy', 'Azure responds to a deletion with 202')
}

/** Of the deletion of a resource group, whose operation is Resource Manager's own. */
export function idleInGroupDeletion (effects: Partial<Effects> = {}): IdleEffect[] {
  const { headers, noContent = false, url } = effects.operation ?? {}
  const why = 'the deletion of a resource group has one URL, which Resource Manager makes, and no result'
  return [
    ...idleInDeletion(effects),
    ...idle(headers !== undefined && headers !== 'location', 'operation.headers', why),
    ...idle(noContent, 'operation.noContent', why),
    ...idle(url !== undefined, 'operation.url', why)
  ]
}

/** Of a DELETE of what does not exist. */
export function idleInNothing ({ operation }: Partial<Effects> = {}): IdleEffect[] {
  return idle(operation !== undefined, 'operation', 'there is nothing to delete')
}

function idle (isIdle: boolean, effect: string, why: string): IdleEffect[] {
  return isIdle ? [{ effect, why }] : []
}
