import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { ApiVersionPolicy } from './arm/api-versions.js'
import type { Settings } from './arm/handlers.js'
import type { SubscriptionDeclaration } from './core/subscriptions.js'
import type { VirtualMachineDeclaration } from './core/virtual-machines.js'
import type { ExecutorName } from './executors/index.js'
import { compileSchema, readSchema } from './schema.js'
import { UsageError } from './usage-error.js'

/** The options, each described in openapi/config.schema.json. */
export interface Config extends Settings {
  readonly host: string
  readonly port: number
  readonly dataDir: string
  readonly readyFile?: string
  readonly executor: ExecutorName
  readonly fixtures?: string
  readonly apiVersions: ApiVersionPolicy
  readonly strict: boolean
  readonly cert?: string
  readonly key?: string
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'
  readonly allowRemoteExecution: boolean
  readonly virtualMachines: readonly VirtualMachineDeclaration[]
  readonly subscriptions: readonly SubscriptionDeclaration[]
}

const schema = readSchema('config.schema.json')
const options = Object.entries(schema.properties!).filter(([name]) => name !== '$schema')
/** Lists of declarations are for files and code; every other option is a flag and an environment variable too. */
const flags = options.filter(([, { type }]) => type !== 'array')
const paths = ['dataDir', 'readyFile', 'fixtures', 'cert', 'key']

const DEFAULTS: Partial<Config> = {
  ...Object.fromEntries(options.filter(([, each]) => 'default' in each).map(([name, each]) => [name, each.default])),
  dataDir: join(homedir(), '.azrun'),
  virtualMachines: [],
  subscriptions: []
}

/** Options from one place, and how that place calls each. */
interface Layer {
  readonly values: Readonly<Record<string, unknown>>
  nameOf (path: string): string
}

const check = compileSchema(schema)

/** The options of a program: those of `config`, a file, are overridden by those given here. Throws a `UsageError`. */
export function configOf (given: Partial<Config>, config?: string): Config {
  return merge([
    ...config === undefined ? [] : [fileLayer(config)],
    { values: given, nameOf: path => `option '${path.slice(1)}'` }
  ])
}

/** The options of a command line: defaults, then --config, then the environment, then the flags. Throws a `UsageError`. */
export function configFromArgv (argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const fromArgv = argvLayer(argv)
  const fromEnv = envLayer(env)
  const file = fromArgv.file ?? env['AZRUN_CONFIG']
  return merge([...file === undefined ? [] : [fileLayer(file)], fromEnv, fromArgv.layer])
}

/** A line for each flag. */
export function describeFlags (): string[] {
  const described = flags.map(([name, each]) => [flagOf(name, each), `${each.description}${defaultOf(each)}`] as const)
  const all = [...described.slice(0, 2), ['--config FILE', 'These options as JSON, named as in AZRUN_*, in camelCase.'] as const, ...described.slice(2)]
  const width = Math.max(...all.map(([flag]) => flag.length))
  return all.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`)
}

function merge (layers: readonly Layer[]): Config {
  for (const { values, nameOf } of layers) check(values, nameOf)
  const config = Object.assign({}, DEFAULTS, ...layers.map(({ values }) => values)) as Config & { $schema?: string }
  delete config.$schema
  for (const [one, other] of [['cert', 'key'], ['key', 'cert']] as const) {
    if (config[one] !== undefined && config[other] === undefined) {
      throw new UsageError(`--${one} is given without --${other}: a certificate needs its key, and a key its certificate`)
    }
  }
  if (config.executor !== 'fixture' && !isLoopback(config.host) && !config.allowRemoteExecution) {
    throw new UsageError(`--executor ${config.executor} on --host ${config.host} would let other machines run scripts on ` +
      'this one: add --allow-remote-execution if that is meant, or listen on 127.0.0.1')
  }
  return Object.freeze(config)
}

function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

function fileLayer (file: string): Layer {
  let values: Record<string, unknown>
  try {
    values = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`--config ${file} cannot be read: ${(error as Error).message}`)
  }
  const nameOf = (path: string) => path === '' ? file : `${file}: '${path.slice(1)}'`
  check(values, nameOf)
  const here = dirname(resolve(file))
  const resolved = paths.filter(name => name in values).map(name => [name, resolve(here, values[name] as string)])
  return { values: { ...values, ...Object.fromEntries(resolved) }, nameOf }
}

function envLayer (env: NodeJS.ProcessEnv): Layer {
  const given = flags.flatMap(([name, each]) => {
    const text = env[envNameOf(name)]
    return text === undefined || text === '' ? [] : [[name, valueOf(text, each)]]
  })
  return { values: Object.fromEntries(given), nameOf: path => envNameOf(path.slice(1)) }
}

function argvLayer (argv: readonly string[]): { layer: Layer, file: string | undefined } {
  const known = Object.fromEntries(flags.map(([name, { type }]) =>
    [kebab(name), { type: type === 'boolean' ? 'boolean' as const : 'string' as const }]))
  const { config: file, ...rest } = parse([...argv], { ...known, config: { type: 'string' as const } })
  const given = flags.flatMap(([name, each]) => {
    const value = rest[kebab(name)]
    return value === undefined ? [] : [[name, typeof value === 'string' ? valueOf(value, each) : value]]
  })
  return {
    layer: { values: Object.fromEntries(given), nameOf: path => `--${kebab(path.slice(1))}` },
    file: file as string | undefined
  }
}

function parse (args: string[], known: Record<string, { type: 'string' | 'boolean' }>): Record<string, string | boolean | undefined> {
  try {
    return parseArgs({ args, options: known }).values
  } catch (error) {
    const [line] = (error as Error).message.split('. ') as [string]
    throw new UsageError(`${line.replace(/\.$/, '')}; 'azrun --help' lists the options`)
  }
}

/** Text from a command line or the environment as what the schema asks for; left as it is where it is not that. */
function valueOf (text: string, { type }: { readonly type?: string }): unknown {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === '1')) return true
  if (type === 'boolean' && (text === 'false' || text === '0')) return false
  return text
}

function flagOf (name: string, { type, title, enum: values }: (typeof options)[number][1]): string {
  return `--${kebab(name)}${type === 'boolean' ? '' : ` ${values?.join('|') ?? title}`}`
}

function defaultOf ({ default: value }: (typeof options)[number][1]): string {
  return value === undefined || value === false ? '' : ` Default: ${value}.`
}

function envNameOf (name: string): string {
  return `AZRUN_${kebab(name).replaceAll('-', '_').toUpperCase()}`
}

function kebab (name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
