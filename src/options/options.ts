import type { ApiVersionPolicy } from '../arm/api-versions.js'
import type { AuthMode } from '../arm/authentication.js'
import type { OperationUrlForm } from '../arm/responses/form.js'
import type { Respond } from '../arm/responses/prefer.js'
import type { ExecutorName } from '../executors/index.js'
import type { UnmatchedPolicy } from '../executors/unmatched.js'
import type { PublicJwk } from '../identity/jwk.js'
import type { ManagedIdentityDeclaration } from '../identity/managed-identities.js'
import type { RoleAssignment } from '../identity/role-assignments.js'
import type { ServicePrincipalDeclaration } from '../identity/service-principals.js'
import type { UserDeclaration } from '../identity/users.js'
import type { ResourceGroupDeclaration } from '../resources/declared-groups.js'
import type { ResourceGroupState } from '../resources/resource-groups.js'
import type { RunCommandDeclaration } from '../resources/run-command-declaration.js'
import type { ScaleSetDeclaration } from '../resources/scale-sets.js'
import type { SubscriptionDeclaration } from '../resources/subscriptions.js'
import type { PowerStateDeclaration, VirtualMachineDeclaration } from '../resources/virtual-machines.js'
import type { Scenario } from '../scenarios/scenario.js'
import type { OptionName } from './names.js'
import { properties } from './schema.js'

/** The options, which openapi/config.schema.json describes. */
export interface Options {
  readonly host: string
  readonly port: number
  readonly publicName: readonly string[]
  /** Undefined for the default directory. */
  readonly dataDir?: string
  readonly readyFile?: string
  /** The ending is one of those in reports/formats.ts. */
  readonly report?: string
  readonly executor: ExecutorName
  readonly fixtures?: string
  readonly scenarios?: string | readonly Scenario[]
  readonly watch: boolean
  readonly unmatched: UnmatchedPolicy
  readonly maxScripts?: number
  readonly respond: Respond
  readonly delay: number
  readonly pace: 'fast' | 'azure'
  readonly clock: 'system' | 'virtual'
  /** Undefined for random ids. */
  readonly seed?: number
  readonly operationUrls: OperationUrlForm
  readonly apiVersions: ApiVersionPolicy
  readonly strict: boolean
  readonly auth: AuthMode
  readonly allowHost: readonly string[]
  readonly cert?: string
  readonly key?: string
  readonly logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  readonly logFormat?: 'pretty' | 'json'
  readonly verbose: boolean
  readonly allowRemoteExecution: boolean
  readonly journal: number
  readonly traceHeaders: boolean
  readonly adminToken?: string
  readonly virtualMachines: readonly VirtualMachineDeclaration[]
  readonly virtualMachineScaleSets: readonly ScaleSetDeclaration[]
  readonly resourceGroups: readonly ResourceGroupDeclaration[]
  readonly resourceGroupStates: readonly ResourceGroupState[]
  readonly powerStates: readonly PowerStateDeclaration[]
  readonly runCommands: readonly RunCommandDeclaration[]
  readonly subscriptions: readonly SubscriptionDeclaration[]
  readonly servicePrincipals: readonly ServicePrincipalDeclaration[]
  readonly managedIdentities: readonly ManagedIdentityDeclaration[]
  readonly users: readonly UserDeclaration[]
  readonly roleAssignments: readonly RoleAssignment[]
  readonly trustedKeys: readonly PublicJwk[]
}

/** The name of an option, in camelCase. */
export type OptionKey = keyof Options

/** The options, and how to name them in messages. */
export interface Config extends Options {
  nameOf (option: OptionKey): OptionName
}

/** The name and the schema of each option. */
export const options = Object.entries(properties).filter(([name]) => name !== '$schema')

/** Options whose values are paths of files or directories. */
export const pathOptions = ['dataDir', 'readyFile', 'report', 'fixtures', 'scenarios', 'cert', 'key'] as const

/** The values of options that no source sets: those of the schema, and no declarations. */
export const DEFAULTS: Partial<Options> = Object.fromEntries(options.flatMap(([name, { type, default: value }]) => {
  const byDefault = value ?? (type === 'array' ? [] : undefined)
  return byDefault === undefined ? [] : [[name, byDefault]]
}))
