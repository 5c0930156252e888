import { parseArgs } from 'node:util'
import { fileLayer, merge, options, type Config, type Layer } from './config.js'
import type { JsonSchema } from './schema.js'
import { UsageError } from './usage-error.js'

/** Lists of declarations are for files and code; every other option is a flag and an environment variable too. */
const flags = options.filter(([, { type, title }]) => type !== 'array' || title !== undefined)

/**
 * The options of a command line: defaults < --config < environment < flags; `defaults` are a command's own where they
 * differ. Throws a `UsageError`.
 */
export function configFromArgv (argv: readonly string[], env: NodeJS.ProcessEnv,
  defaults: Partial<Config> = {}): Config {
  const { file, layer } = argvLayer(argv)
  const own = { values: defaults, nameOf: (path: string) => path }
  return merge([own, ...configFile(file, env['AZRUN_CONFIG']), envLayer(env), layer])
}

/** A line for each flag. */
export function describeFlags (): string[] {
  const described = flags.map(([name, each]) => [flagOf(name, each), `${each.description}${defaultOf(each)}`] as const)
  const config = ['--config FILE', 'These options as JSON, named in camelCase: logLevel. Paths are relative to the file.'] as const
  const all = [...described.slice(0, 2), config, ...described.slice(2)]
  const width = Math.max(...all.map(([flag]) => flag.length))
  return all.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`)
}

function configFile (fromArgv?: string, fromEnv?: string): Layer[] {
  if (fromArgv !== undefined) return [fileLayer(fromArgv, '--config')]
  return fromEnv === undefined || fromEnv === '' ? [] : [fileLayer(fromEnv, 'AZRUN_CONFIG')]
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
    [kebab(name), { type: type === 'boolean' ? 'boolean' as const : 'string' as const, multiple: type === 'array' }]))
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

type Flag = { type: 'string' | 'boolean', multiple?: boolean }

function parse (args: string[], known: Record<string, Flag>): Record<string, unknown> {
  try {
    return parseArgs({ args, options: known }).values
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    const [first] = message.split('. ') as [string]
    const hint = code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL' ? ': a command comes first, and options begin with --' : ''
    throw new UsageError(`${first.replace(/\.$/, '').replaceAll('\n', ' ')}${hint}; 'azrun --help' lists the options`)
  }
}

/** Text from a command line or the environment as what the schema asks for; left as it is where it is not that. */
function valueOf (text: string, { type }: JsonSchema): unknown {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === '1')) return true
  if (type === 'boolean' && (text === 'false' || text === '0')) return false
  if (type === 'array') return text.split(',').map(each => each.trim())
  return text
}

function flagOf (name: string, { type, title, enum: values }: JsonSchema): string {
  return `--${kebab(name)}${type === 'boolean' ? '' : ` ${values?.join('|') ?? title}`}`
}

function defaultOf ({ default: value }: JsonSchema): string {
  return value === undefined || value === false || Array.isArray(value) ? '' : ` Default: ${value}.`
}

function envNameOf (name: string): string {
  return `AZRUN_${kebab(name).replaceAll('-', '_').toUpperCase()}`
}

function kebab (name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
