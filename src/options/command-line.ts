import { parseArgs } from 'node:util'
import { UsageError } from '../core/usage-error.js'
import { fileLayer, merge, options, type Config, type Layer } from './config.js'
import type { JsonSchema } from './json-schema.js'

/** The options that are also flags and environment variables: all but lists of declarations. */
const flags = options.filter(([, { type, title }]) => type !== 'array' || title !== undefined)

/**
 * Reads the options of a command line: defaults < --config < environment < flags. `defaults` are those of the command
 * that differ from the common ones. Throws a `UsageError`.
 */
export function configFromArgv (argv: readonly string[], env: NodeJS.ProcessEnv,
  defaults: Partial<Config> = {}): Config {
  const { file, layer } = argvLayer(argv)
  const base = { values: defaults, nameOf: (path: string) => path }
  return merge([base, ...configFile(file, env['AZRUN_CONFIG']), envLayer(env), layer])
}

/** The lines of --help, one for each flag. */
export function describeFlags (): string[] {
  const described = flags.map(([name, schema]) =>
    [flagOf(name, schema), `${schema.description}${defaultOf(schema)}`] as const)
  const config = ['--config FILE',
    'A JSON file with these options in camelCase (logLevel). Its paths are relative to the file.'] as const
  const all = [...described.slice(0, 2), config, ...described.slice(2)]
  const width = Math.max(...all.map(([flag]) => flag.length))
  return all.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`)
}

function configFile (fromArgv?: string, fromEnv?: string): Layer[] {
  if (fromArgv !== undefined) return [fileLayer(fromArgv, '--config')]
  return fromEnv === undefined || fromEnv === '' ? [] : [fileLayer(fromEnv, 'AZRUN_CONFIG')]
}

function envLayer (env: NodeJS.ProcessEnv): Layer {
  const given = flags.flatMap(([name, schema]) => {
    const text = env[envNameOf(name)]
    return text === undefined || text === '' ? [] : [[name, valueOf(text, schema)]]
  })
  return { values: Object.fromEntries(given), nameOf: path => envNameOf(path.slice(1)) }
}

function argvLayer (argv: readonly string[]): { layer: Layer, file: string | undefined } {
  const known = Object.fromEntries(flags.map(([name, { type }]) =>
    [kebab(name), { type: type === 'boolean' ? 'boolean' as const : 'string' as const, multiple: type === 'array' }]))
  const { config: file, ...rest } = parse([...argv], { ...known, config: { type: 'string' as const } })
  const given = flags.flatMap(([name, schema]) => {
    const value = rest[kebab(name)]
    return value === undefined ? [] : [[name, typeof value === 'string' ? valueOf(value, schema) : value]]
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
    const isArgument = code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL'
    const hint = isArgument ? ': the command comes first, and options begin with --' : ''
    throw new UsageError(`${first.replace(/\.$/, '').replaceAll('\n', ' ')}${hint}; 'azrun --help' lists the options`)
  }
}

/** Converts text to the type in the schema; text that does not fit stays as it is, for the check to report. */
function valueOf (text: string, { type }: JsonSchema): unknown {
  if (type === 'integer' && /^-?\d+$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === '1')) return true
  if (type === 'boolean' && (text === 'false' || text === '0')) return false
  if (type === 'array') return text.split(',').map(item => item.trim())
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
