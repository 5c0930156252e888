import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { JWK } from 'jose'
import type { ApiVersionPolicy } from '../arm/api-versions.js'
import type { AuthMode } from '../arm/authentication.js'
import type { Respond } from '../arm/prefer.js'
import type { OperationUrlForm } from '../arm/response-form.js'
import type { SubscriptionDeclaration } from '../core/subscriptions.js'
import { UsageError } from '../core/usage-error.js'
import type { VirtualMachineDeclaration } from '../core/virtual-machines.js'
import type { ExecutorName } from '../executors/index.js'
import type { UnmatchedPolicy } from '../executors/unmatched.js'
import type { ManagedIdentityDeclaration } from '../identity/managed-identities.js'
import type { RoleAssignment } from '../identity/role-assignments.js'
import type { ServicePrincipalDeclaration } from '../identity/service-principals.js'
import type { UserDeclaration } from '../identity/users.js'
import { canonicalHost, canonicalNames, isLoopback } from './host.js'
import { compileSchema, readSchema } from './json-schema.js'

/** The options, which openapi/config.schema.json describes. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly publicName: readonly string[]
  /** Undefined for the default one. */
  readonly dataDir?: string
  readonly readyFile?: string
  readonly executor: ExecutorName
  readonly fixtures?: string
  readonly unmatched: UnmatchedPolicy
  readonly maxScripts?: number
  readonly respond: Respond
  readonly delay: number
  readonly pace: 'fast' | 'azure'
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
  readonly virtualMachines: readonly VirtualMachineDeclaration[]
  readonly subscriptions: readonly SubscriptionDeclaration[]
  readonly servicePrincipals: readonly ServicePrincipalDeclaration[]
  readonly managedIdentities: readonly ManagedIdentityDeclaration[]
  readonly users: readonly UserDeclaration[]
  readonly roleAssignments: readonly RoleAssignment[]
  readonly trustedKeys: readonly JWK[]
}

const schema = readSchema('config.schema.json')

/** The name and the schema of each option. */
export const options = Object.entries(schema.properties!).filter(([name]) => name !== '$schema')

const paths = ['dataDir', 'readyFile', 'fixtures', 'cert', 'key']

const DEFAULTS: Partial<Config> = {
  ...Object.fromEntries(options.filter(([, option]) => 'default' in option)
    .map(([name, option]) => [name, option.default])),
  virtualMachines: [],
  subscriptions: [],
  servicePrincipals: [],
  managedIdentities: [],
  users: [],
  roleAssignments: [],
  trustedKeys: []
}

/** Options from one source. `nameOf` turns a path in `values` into the user's name for it in that source. */
export interface Layer {
  readonly values: Readonly<Record<string, unknown>>
  nameOf (path: string): string
}

const check = compileSchema(schema)

/**
 * Merges the options of a program: `defaults` < `file` < `given`. `defaults` are those that differ from the command
 * line's. Throws a `UsageError`.
 */
export function configOf (given: Partial<Config>, defaults: Partial<Config>, file?: string): Config {
  return merge([
    { values: defaults, nameOf: path => path },
    ...file === undefined ? [] : [fileLayer(file, "option 'config'")],
    { values: given, nameOf: path => `option '${path.slice(1)}'` }
  ])
}

/** Merges layers over the defaults; later ones win, and undefined counts as missing. Throws a `UsageError`. */
export function merge (layers: readonly Layer[]): Config {
  for (const { values, nameOf } of layers) check(values, nameOf)
  const given = layers.flatMap(({ values }) => Object.entries(values))
    .filter(([name, value]) => value !== undefined && name !== '$schema')
  const merged = { ...DEFAULTS, ...Object.fromEntries(given) } as Config
  const config = {
    ...merged,
    host: canonicalHost(merged.host),
    publicName: canonicalNames(merged.publicName)
  }
  for (const [one, other] of [['cert', 'key'], ['key', 'cert']] as const) {
    if (config[one] !== undefined && config[other] === undefined) {
      throw new UsageError(`--${one} ${config[one]} is given without --${other}: ` +
        'give both or neither')
    }
  }
  if (config.executor !== 'fixture') {
    requireConsent(`--executor ${config.executor}`, config)
    if (config.fixtures !== undefined) {
      throw new UsageError(`--fixtures ${config.fixtures} is given with --executor ${config.executor}, ` +
        'which does not use fixtures: remove one of the two')
    }
    if (config.unmatched === 'fail') {
      throw new UsageError(`--unmatched fail is given with --executor ${config.executor}, which does not use fixtures: ` +
        'remove one of the two')
    }
  }
  if (config.auth === 'off' && config.roleAssignments.length > 0) {
    throw new UsageError('roleAssignments are declared with --auth off, which does not identify callers: ' +
      'remove one of the two')
  }
  if (config.auth !== 'strict' && config.trustedKeys.length > 0) {
    throw new UsageError(`trustedKeys are declared with --auth ${config.auth}, which does not verify signatures: ` +
      'use --auth strict')
  }
  return Object.freeze(config)
}

/** Throws a `UsageError` if an executor would run scripts for other machines without --allow-remote-execution. */
export function requireConsent (executor: string, { host, allowRemoteExecution }: Config): void {
  if (isLoopback(host) || allowRemoteExecution) return
  throw new UsageError(`${executor} on --host ${host} would let other machines run scripts on this one: ` +
    'add --allow-remote-execution if this is intended, or listen on 127.0.0.1')
}

/**
 * Reads the options of a file and resolves its paths relative to it. `source` is the option or variable that named the
 * file. Throws a `UsageError`.
 */
export function fileLayer (file: string, source: string): Layer {
  let values: Record<string, unknown>
  try {
    values = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UsageError(`${source} ${file} cannot be read: ${(error as Error).message}`)
  }
  const nameOf = (path: string) => path === '' ? file : `${file}: '${path.slice(1)}'`
  check(values, nameOf)
  const here = dirname(resolve(file))
  const resolved = paths.filter(name => name in values).map(name => [name, resolve(here, values[name] as string)])
  return { values: { ...values, ...Object.fromEntries(resolved) }, nameOf }
}

/** Host and port for a URL on this machine: loopback where azrun listens on all addresses. */
export function authorityOf (host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
