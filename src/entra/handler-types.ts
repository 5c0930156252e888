import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { MaybePromise } from '../core/maybe-promise.js'
import type { ManagedIdentities } from '../identity/managed-identities.js'
import type { ServicePrincipals } from '../identity/service-principals.js'
import type { Tokens } from '../identity/tokens.js'
import type { Users } from '../identity/users.js'
import type { Subscriptions } from '../resources/subscriptions.js'
import type { Clock } from '../time/clock.js'
import type { operations } from './api.js'
import type { Form } from './forms.js'

export interface Services {
  readonly tokens: Tokens
  readonly servicePrincipals: ServicePrincipals
  readonly managedIdentities: ManagedIdentities
  readonly users: Users
  readonly subscriptions: Subscriptions
  readonly clock: Clock
  newId (): string
  /** Receives the mistakes of clients, and unexpected errors, which are defects of azrun. */
  readonly log: Pick<Logger, 'error' | 'info' | 'warn'>
  /** The value of IDENTITY_HEADER or MSI_SECRET that clients must send. Default: any value is accepted. */
  readonly identityHeader?: string
  /** The directory where Azure Arc's clients look for its keys. Default: the only one that released clients read. */
  readonly arcKeyDirectory?: string
}

type OperationId = keyof operations
type Parameters<Id extends OperationId, Place extends 'path' | 'query'> =
  operations[Id]['parameters'] extends { [P in Place]?: infer Value } ? Value : unknown

/** The body of an operation's 200 response. */
export type ResponseBody<Id extends OperationId> =
  operations[Id] extends { responses: { 200: { content: infer Content } } } ? Content[keyof Content] : never

export type EntraRequest<Id extends OperationId> = FastifyRequest<{
  Params: Parameters<Id, 'path'>
  Querystring: Parameters<Id, 'query'>
  Body: Form | undefined
}>

/** One handler for each operation of openapi/entra.json. A missing handler is a compile error. */
export type Handlers = {
  readonly [Id in OperationId]: (request: EntraRequest<Id>, reply: FastifyReply) => MaybePromise<ResponseBody<Id>>
}

/** A handler for its route. Methods are bivariant, and the route's schema guarantees the type of the request. */
export type AnyHandler = { handle (request: FastifyRequest, reply: FastifyReply): unknown }['handle']
