import { parseArgs } from 'node:util'
import { UsageError } from '../core/usage-error.js'
import { readConfig, type Config, type Sources } from './config.js'
import type { JsonSchema } from './json-schema.js'
import { layerOf, type ConfigFile, type Layer } from './layers.js'
import { plainName } from './names.js'
import { options, type Options } from './options.js'
import { readSetup, type Setup } from './setup.js'

/** The options that are also flags and environment variables: all but lists of declarations. */
const flags = options.filter(([, { type, title }]) => type !== 'array' || title !== undefined)

/**
 * Reads the options of a command line: defaults < --config < environment < flags. `defaults` are those of the command
 * that differ from the common ones. Rejects with a `UsageError` that has every problem.
 */
export async function configFromArgv (argv: readonly string[], env: NodeJS.ProcessEnv,
  defaults?: Partial<Options>): Promise<Config> {
  return await readConfig(sourcesOf(argv, env, defaults))
}

/** The same for a command that starts an emulator: it reads the fixtures, too. */
export async function setupFromArgv (argv: readonly string[], env: NodeJS.ProcessEnv,
  defaults?: Partial<Options>): Promise<Setup> {
  return await readSetup(sourcesOf(argv, env, defaults))
}

/** The lines of --help, one for each flag. */
export function describeFlags (): string[] {
  const described = flags.map(([name, schema]) =>
    [flagOf(name, schema), `${schema.description}${defaultOf(schema)}`] as const)
  const config = ['--config FILE',
    'A JSON file with these options in camelCase (logLevel); comments are allowed. Its paths are relative to the file.'] as const
  const all = [...described.slice(0, 2), config, ...described.slice(2)]
  const width = Math.max(...all.map(([flag]) => flag.length))
  return all.map(([flag, text]) => `  ${flag.padEnd(width)}  ${text}`)
}

function sourcesOf (argv: readonly string[], env: NodeJS.ProcessEnv, defaults?: Partial<Options>): Sources {
  const { file, layer } = argvLayer(argv)
  return { defaults, file: file ?? fileOf(env['AZRUN_CONFIG'], 'AZRUN_CONFIG'), layers: [envLayer(env), layer], nameOf: flagNameOf }
}

function fileOf (path: string | undefined, option: string): ConfigFile | undefined {
  return path === undefined || path === '' ? undefined : { path, option }
}

function envLayer (env: NodeJS.ProcessEnv): Layer {
  const given = flags.flatMap(([name, schema]) => {
    const text = env[envNameOf(name)]
    return text === undefined || text === '' ? [] : [[name, valueOf(text, schema)]]
  })
  return layerOf(Object.fromEntries(given), ([name]) => plainName(envNameOf(`${name}`)))
}

function argvLayer (argv: readonly string[]): { layer: Layer, file?: ConfigFile } {
  const nameOf: Layer['nameOf'] = ([name]) => plainName(flagNameOf(`${name}`))
  const known = Object.fromEntries(flags.map(([name, { type }]) =>
    [kebab(name), { type: type === 'boolean' ? 'boolean' as const : 'string' as const, multiple: type === 'array' }]))
  try {
    const { config, ...rest } = parse([...argv], { ...known, config: { type: 'string' as const } })
    const given = flags.flatMap(([name, schema]) => {
      const value = rest[kebab(name)]
      return value === undefined ? [] : [[name, typeof value === 'string' ? valueOf(value, schema) : value]]
    })
    return { layer: layerOf(Object.fromEntries(given), nameOf), file: fileOf(config as string | undefined, '--config') }
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return { layer: layerOf({}, nameOf, { problems: error.problems }) }
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

function flagNameOf (name: string): string {
  return `--${kebab(name)}`
}

function flagOf (name: string, { type, title, enum: values }: JsonSchema): string {
  return `${flagNameOf(name)}${type === 'boolean' ? '' : ` ${values?.join('|') ?? title}`}`
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
