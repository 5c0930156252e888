import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Conformance } from '../conformance/conformance.js'
import type { MaybePromise } from '../core/maybe-promise.js'
import type { Scope } from '../core/scope.js'
import type { OpenApiRoute } from '../http/openapi.js'
import type { EventLog } from '../journal/event-log.js'
import type { Journal } from '../journal/journal.js'
import type { EvictedFindings } from '../reports/evicted-findings.js'
import type { Inventory } from '../resources/inventory.js'
import type { MachineStates } from '../resources/machine-states.js'
import type { ScaleSets } from '../resources/scale-sets.js'
import type { VirtualMachines } from '../resources/virtual-machines.js'
import type { Scenarios } from '../scenarios/scenarios.js'
import type { Clock } from '../time/clock.js'
import type { Mistake } from '../validation/mistakes.js'
import type { Path } from '../validation/paths.js'
import type { components, operations } from './api.js'

/** Checks scenarios or parts of them. `at` is their place in what the client sent. */
export interface ScenarioCheck {
  scenarioMistakes (scenario: unknown, at?: Path): readonly Mistake[]
  scenarioListMistakes (scenarios: readonly unknown[], at?: Path): readonly Mistake[]
  /** What is wrong with the id of an operation. */
  operationMistakes (operation: string | undefined, at: Path): readonly Mistake[]
}

/** The services that the handlers of the API use. */
export interface Services {
  /** Loads the check. */
  readonly checkScenarios: () => Promise<ScenarioCheck>
  readonly clock: Clock
  readonly events: EventLog
  readonly conformance: Conformance
  readonly evictedFindings: EvictedFindings
  readonly inventory: Inventory
  readonly journal: Journal
  readonly machineStates: MachineStates
  readonly scaleSets: ScaleSets
  readonly scenarios: Scenarios
  /** The version of azrun. */
  readonly version: string
  readonly virtualMachines: VirtualMachines
  /** Restores a scope to its state at the start, and says how much it dropped. */
  reset (scope: Scope): Promise<components['schemas']['Reset']['dropped']>
  /** The options that start another emulator in the state of this one. */
  state (): Promise<object>
}

/** An operation of openapi/admin.json. */
export type OperationId = keyof operations
type Parameters<Id extends OperationId, Place extends 'path' | 'query'> =
  operations[Id]['parameters'] extends { [P in Place]?: infer Value } ? NonNullable<Value> : Record<string, never>
type Body<Id extends OperationId> =
  operations[Id] extends { requestBody: { content: { 'application/json': infer Value } } } ? Value : undefined

/** A request that is valid by the contract's schemas. */
export interface AdminRequest<Id extends OperationId> {
  readonly params: Parameters<Id, 'path'>
  /** Numbers are converted. */
  readonly query: Parameters<Id, 'query'>
  readonly body: Body<Id>
  readonly raw: FastifyRequest
}

/** What a handler responds with. */
export interface AdminResponse {
  /** Default: 200 with a body, 204 without one. */
  readonly status?: number
  /** An object is written as JSON. */
  readonly body?: object | string | NodeJS.ReadableStream
  /** The media type of a body that is not an object. */
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One handler for each operation of openapi/admin.json. A missing handler is a compile error. */
export type Handlers = { readonly [Id in OperationId]: (request: AdminRequest<Id>) => MaybePromise<AdminResponse> }

/** A handler for its route. Methods are bivariant, and the route's schemas guarantee the type of the request. */
export type AnyHandler = { handle (request: AdminRequest<OperationId>): MaybePromise<AdminResponse> }['handle']

/** The values of the parameters of a path, by name. */
export type Params = Readonly<Record<string, string>>

/** An operation, with the parameters in the path of a request. */
export interface CalledOperation extends Pick<OpenApiRoute, 'operation'> {
  readonly params: Params
}

/** Handles a request for an operation from its check to its response. */
export type Dispatch = (called: CalledOperation, request: FastifyRequest, reply: FastifyReply) => Promise<unknown>
