import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { JWK } from 'jose'
import type { ApiVersionPolicy } from './arm/api-versions.js'
import type { AuthMode } from './arm/authorization.js'
import type { Respond } from './arm/preference.js'
import type { SubscriptionDeclaration } from './core/subscriptions.js'
import type { VirtualMachineDeclaration } from './core/virtual-machines.js'
import type { ExecutorName } from './executors/index.js'
import type { RoleAssignment } from './identity/role-assignments.js'
import type { ServicePrincipalDeclaration } from './identity/service-principals.js'
import { compileSchema, readSchema } from './schema.js'
import { UsageError } from './usage-error.js'

/** The options, each described in openapi/config.schema.json. */
export interface Config {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly readyFile?: string
  readonly executor: ExecutorName
  readonly fixtures?: string
  readonly respond: Respond
  readonly delay: number
  readonly pace: 'fast' | 'azure'
  readonly apiVersions: ApiVersionPolicy
  readonly strict: boolean
  readonly auth: AuthMode
  readonly allowHost: readonly string[]
  readonly cert?: string
  readonly key?: string
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  readonly allowRemoteExecution: boolean
  readonly virtualMachines: readonly VirtualMachineDeclaration[]
  readonly subscriptions: readonly SubscriptionDeclaration[]
  readonly servicePrincipals: readonly ServicePrincipalDeclaration[]
  readonly roleAssignments: readonly RoleAssignment[]
  readonly trustedKeys: readonly JWK[]
}

const schema = readSchema('config.schema.json')

/** Each option's name and what the schema says of it. */
export const options = Object.entries(schema.properties!).filter(([name]) => name !== '$schema')

const paths = ['dataDir', 'readyFile', 'fixtures', 'cert', 'key']

const DEFAULTS: Partial<Config> = {
  ...Object.fromEntries(options.filter(([, each]) => 'default' in each).map(([name, each]) => [name, each.default])),
  dataDir: join(homedir(), '.azrun'),
  virtualMachines: [],
  subscriptions: [],
  servicePrincipals: [],
  roleAssignments: [],
  trustedKeys: []
}

/** Options from one place, and how that place calls each. */
export interface Layer {
  readonly values: Readonly<Record<string, unknown>>
  nameOf (path: string): string
}

const check = compileSchema(schema)

/**
 * The options of a program: `defaults` where they differ from a command line's, then those of `file`, then those given.
 * Throws a `UsageError`.
 */
export function configOf (given: Partial<Config>, defaults: Partial<Config>, file?: string): Config {
  return merge([
    { values: defaults, nameOf: path => path },
    ...file === undefined ? [] : [fileLayer(file, "option 'config'")],
    { values: given, nameOf: path => `option '${path.slice(1)}'` }
  ])
}

/** The options of all layers, the later over the earlier; one that is undefined is not given. Throws a `UsageError`. */
export function merge (layers: readonly Layer[]): Config {
  for (const { values, nameOf } of layers) check(values, nameOf)
  const given = layers.flatMap(({ values }) => Object.entries(values))
    .filter(([name, value]) => value !== undefined && name !== '$schema')
  const config = { ...DEFAULTS, ...Object.fromEntries(given) } as Config
  for (const [one, other] of [['cert', 'key'], ['key', 'cert']] as const) {
    if (config[one] !== undefined && config[other] === undefined) {
      throw new UsageError(`--${one} ${config[one]} is given without --${other}: ` +
        'a certificate needs its key, and a key its certificate')
    }
  }
  if (config.executor !== 'fixture') {
    requireConsent(`--executor ${config.executor}`, config)
    if (config.fixtures !== undefined) {
      throw new UsageError(`--fixtures ${config.fixtures} is given with --executor ${config.executor}, ` +
        'which does not answer from fixtures: leave one of them out')
    }
  }
  if (config.auth === 'off' && config.roleAssignments.length > 0) {
    throw new UsageError('roleAssignments are declared with --auth off, which asks nobody who they are: leave one of them out')
  }
  if (config.auth !== 'strict' && config.trustedKeys.length > 0) {
    throw new UsageError(`trustedKeys are declared with --auth ${config.auth}, which checks no signature: add --auth strict`)
  }
  return Object.freeze(config)
}

/** Throws a `UsageError` where an executor would run other machines' scripts and nobody has said that it may. */
export function requireConsent (executor: string, { host, allowRemoteExecution }: Config): void {
  if (isLoopback(host) || allowRemoteExecution) return
  throw new UsageError(`${executor} on --host ${host} would let other machines run scripts on this one: ` +
    'add --allow-remote-execution if that is meant, or listen on 127.0.0.1')
}

/** The options of a file, its paths as seen from there; `source` is what named the file. Throws a `UsageError`. */
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

/** Host and port as a client on this machine writes them in a URL. */
export function authorityOf (host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}

function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
