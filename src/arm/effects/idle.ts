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

/** Returns a function that logs each idle effect once for an operation and the scenarios that match. */
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

/** The members of the effect `operation` that change only the polls, and the headers of a 202. */
const ABOUT_POLLS = ['polls', 'headers', 'retryAfter', 'expiresAfter', 'url'] as const

/** Finds them for an action: if its response is the result, there are no polls. */
export function idleInAction ({ operation = {} }: Partial<Effects> = {}): IdleEffect[] {
  if (operation.answeredBy !== 200) return []
  const why = "with 'answeredBy' 200 the response is the result, and nothing is polled"
  return ABOUT_POLLS.flatMap(member => idle(operation[member] !== undefined, `operation.${member}`, why))
}

/** Finds them for a PUT or PATCH: its response is the resource, and by default it has no URL for a result. */
export function idleInWrite ({ operation }: Partial<Effects> = {}): IdleEffect[] {
  const { answeredBy, noContent = false, headers } = operation ?? {}
  const hasResult = headers === 'both' || headers === 'location'
  return [
    ...idle(answeredBy !== undefined, 'operation.answeredBy', 'Azure responds to a write at once, with the resource'),
    ...idle(noContent && !hasResult, 'operation.noContent', "a write has a result to fetch only with 'headers' both or location")
  ]
}

/** Finds them for a request whose script does not run. */
export function idleInGuest ({ guest }: Partial<Effects> = {}, why: string): IdleEffect[] {
  return idle(guest !== undefined, 'guest', why)
}

/** Finds them for a DELETE, whose response is always 202. */
export function idleInDeletion ({ operation }: Partial<Effects> = {}): IdleEffect[] {
  return idle(operation?.answeredBy === 200, 'operation.answeredBy', 'Azure responds to a deletion with 202')
}

/** Finds them for the deletion of a resource group, whose operation is Resource Manager's own. */
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

/** Finds them for a DELETE of a run command that does not exist. */
export function idleInNothing ({ operation }: Partial<Effects> = {}): IdleEffect[] {
  return idle(operation !== undefined, 'operation', 'there is nothing to delete')
}

function idle (isIdle: boolean, effect: string, why: string): IdleEffect[] {
  return isIdle ? [{ effect, why }] : []
}
