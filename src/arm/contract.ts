import type { FastifyRequest } from 'fastify'
import type { Operations } from '../core/operations.js'
import type { Subscriptions } from '../core/subscriptions.js'
import type { VirtualMachines } from '../core/virtual-machines.js'
import type { Agent } from '../guest/agent.js'
import type { RunCommandDocuments } from '../guest/documents.js'
import type { Answer } from './answer.js'
import type { operations as Contract } from './api.js'
import type { Respond } from './preference.js'

/** What the handlers work with. */
export interface Services {
  readonly agent: Agent
  readonly documents: RunCommandDocuments
  readonly operations: Operations
  readonly subscriptions: Subscriptions
  readonly virtualMachines: VirtualMachines
  readonly settings: Settings
}

export interface Settings {
  readonly respond: Respond
  /** `fast` holds the poll of an unfinished operation; `azure` answers it at once. */
  readonly pace: 'fast' | 'azure'
  /** Milliseconds that an operation stays in progress at the least. */
  readonly delay: number
}

type Parameters<Id extends keyof Contract, Place extends 'path' | 'query'> =
  Contract[Id]['parameters'] extends { [P in Place]: infer Value } ? Value : unknown
type Body<Id extends keyof Contract> =
  Contract[Id] extends { requestBody: { content: { 'application/json': infer Value } } } ? Value : unknown

/** A request that the contract's schemas have let through. */
export type ArmRequest<Id extends keyof Contract> = FastifyRequest<{
  Params: Parameters<Id, 'path'>
  Querystring: Parameters<Id, 'query'>
  Body: Body<Id>
}>

/** One handler for each operation of openapi/arm.json: an operation without one does not compile. */
export type Handlers = { readonly [Id in keyof Contract]: (request: ArmRequest<Id>) => Answer | Promise<Answer> }

/** A handler as its route sees it; the route's schema is what makes the request the handler's. */
export type AnyHandler = (request: FastifyRequest) => Answer | Promise<Answer>
