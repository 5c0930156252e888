import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { Clock } from '../core/clock.js'
import type { Subscriptions } from '../core/subscriptions.js'
import type { ServicePrincipals } from '../identity/service-principals.js'
import type { Tokens } from '../identity/tokens.js'
import type { operations as Contract } from './api.js'
import type { Form } from './requests.js'

/** What the handlers work with. */
export interface Services {
  readonly tokens: Tokens
  readonly servicePrincipals: ServicePrincipals
  readonly subscriptions: Subscriptions
  readonly clock: Clock
  newId (): string
  /** Is told of what is a defect of azrun. */
  readonly log: Pick<Logger, 'error'>
  /** What IDENTITY_HEADER or MSI_SECRET says. Default: anything will do. */
  readonly identityHeader?: string
  /** Where Azure Arc's clients look for its keys. Default: the only place where released ones do. */
  readonly arcKeyDirectory?: string
}

type Parameters<Id extends keyof Contract, Place extends 'path' | 'query'> =
  Contract[Id]['parameters'] extends { [P in Place]?: infer Value } ? Value : unknown

/** The body of an operation's 200. */
export type Answer<Id extends keyof Contract> =
  Contract[Id] extends { responses: { 200: { content: infer Content } } } ? Content[keyof Content] : never

export type EntraRequest<Id extends keyof Contract> = FastifyRequest<{
  Params: Parameters<Id, 'path'>
  Querystring: Parameters<Id, 'query'>
  Body: Form | undefined
}>

/** One handler for each operation of openapi/entra.json: an operation without one does not compile. */
export type Handlers = {
  readonly [Id in keyof Contract]: (request: EntraRequest<Id>, reply: FastifyReply) => Answer<Id> | Promise<Answer<Id>>
}

/** A handler as its route sees it. */
export type AnyHandler = (request: FastifyRequest, reply: FastifyReply) => unknown
