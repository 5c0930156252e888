import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import type { MaybePromise } from '../../core/maybe-promise.js'
import type { Random } from '../../core/random.js'
import type { Store } from '../../core/store.js'
import type { Agent } from '../../guest/agent.js'
import type { RunCommandDocuments } from '../../guest/documents.js'
import type { ManagedHandler } from '../../guest/managed-handler.js'
import type { Operations } from '../../operations/operations.js'
import type { RecentRuns } from '../../operations/recent-runs.js'
import type { Turns } from '../../operations/turns.js'
import type { DeclaredGroups } from '../../resources/declared-groups.js'
import type { MachineStates } from '../../resources/machine-states.js'
import type { ManagedRunCommands } from '../../resources/managed-run-commands.js'
import type { ResourceGroups } from '../../resources/resource-groups.js'
import type { ScaleSets } from '../../resources/scale-sets.js'
import type { Subscriptions } from '../../resources/subscriptions.js'
import type { VirtualMachines } from '../../resources/virtual-machines.js'
import type { Scenarios } from '../../scenarios/scenarios.js'
import type { Clock } from '../../time/clock.js'
import type { operations } from '../contract/api.js'
import type { Pace } from '../operations/courses.js'
import type { ArmResponse } from '../responses/arm-response.js'
import type { OperationUrlForm } from '../responses/form.js'
import type { Respond } from '../responses/prefer.js'

/** The services that the handlers use. */
export interface Services {
  readonly agent: Agent
  readonly clock: Clock
  readonly documents: RunCommandDocuments
  readonly machineStates: MachineStates
  readonly managedHandler: Pick<ManagedHandler, 'run'>
  readonly operations: Operations
  readonly random: Pick<Random, 'fill'>
  readonly recentRuns: RecentRuns
  readonly runCommands: ManagedRunCommands
  readonly scenarios: Pick<Scenarios, 'start'>
  /** Where scripts wait for their turn, if the number of concurrent scripts is limited. */
  readonly turns?: Turns
  readonly store: Pick<Store, 'clear'>
  readonly subscriptions: Subscriptions
  readonly resourceGroups: ResourceGroups
  readonly groups: DeclaredGroups
  readonly virtualMachines: VirtualMachines
  readonly scaleSets: ScaleSets
  readonly settings: Settings
  readonly log: Pick<Logger, 'info' | 'warn' | 'isLevelEnabled'>
  newId (): string
}

export interface Settings {
  readonly respond: Respond
  readonly pace: Pace
  readonly operationUrls: OperationUrlForm
  /** Whether to refuse what Azure accepts although the contract forbids it. */
  readonly strict: boolean
  /** The minimum time that an operation stays InProgress, in milliseconds. */
  readonly delay: number
}

type OperationId = keyof operations
type Parameters<Id extends OperationId, Place extends 'path' | 'query'> =
  operations[Id]['parameters'] extends { [P in Place]: infer Value } ? Value : unknown
type Json<Value> = { content: { 'application/json': Value } }
/** The body of an operation. An optional one can be undefined. */
type Body<Id extends OperationId> =
  operations[Id] extends { requestBody: Json<infer Value> } ? Value
    : operations[Id]['requestBody'] extends undefined ? unknown
      : operations[Id] extends { requestBody?: Json<infer Value> } ? Value | undefined : unknown

/** A request that conforms to the contract's schemas. */
export type ArmRequest<Id extends OperationId> = FastifyRequest<{
  Params: Parameters<Id, 'path'>
  Querystring: Parameters<Id, 'query'>
  Body: Body<Id>
}>

/** One handler for each operation of openapi/arm.json. A missing handler is a compile error. */
export type Handlers = { readonly [Id in OperationId]: (request: ArmRequest<Id>) => MaybePromise<ArmResponse> }

/** A handler for its route. Methods are bivariant, and the route's schema guarantees the type of the request. */
export type AnyHandler = { handle (request: FastifyRequest): MaybePromise<ArmResponse> }['handle']
