import type { Sources } from './config.js'
import { valueOf, valuesOf } from './flag-values.js'
import { flagNameOf, type Flag } from './flags.js'
import { layerOf, type ConfigFile, type Layer } from './layers.js'
import { plainName } from './names.js'
import type { Options } from './options.js'

/** The input of a command. */
export interface CommandLine {
  /** The options that the command uses. */
  readonly flags: readonly Flag[]
  /** The values of each option, as text, by its name. */
  readonly given: Readonly<Record<string, readonly string[]>>
  readonly env: NodeJS.ProcessEnv
  /** Defaults of this command that differ from the usual ones. */
  readonly defaults?: Partial<Options>
  /** Problems other than the values of flags and variables, a line each. */
  readonly problems?: readonly string[]
}

/** The sources of a command's options: defaults < --config < environment < flags. */
export async function sourcesOf (line: CommandLine): Promise<Sources> {
  const { given, env, defaults } = line
  const [path = env['AZRUN_CONFIG'], ...more] = given['config'] ?? []
  // With several files it is unclear which one is meant.
  const file = more.length > 0 ? undefined : fileOf(path, 'config' in given ? '--config' : 'AZRUN_CONFIG')
  return { defaults, file, layers: [await envLayer(line), await flagLayer(line)], nameOf: flagNameOf }
}

function fileOf (path: string | undefined, option: string): ConfigFile | undefined {
  return path === undefined || path === '' ? undefined : { path, option }
}

/** Reads the variables. An empty one counts as missing; commas separate the values of a list. */
async function envLayer ({ flags, env }: CommandLine): Promise<Layer> {
  const values = flags.flatMap(({ name, variable = '', schema }) => {
    const text = env[variable]
    if (text === undefined || text === '' || name === 'config') return []
    return [[name, schema.type === 'array' ? text.split(',').map(item => item.trim()) : valueOf(text, schema)]]
  })
  const variableOf = (name: unknown) => flags.find(flag => flag.name === name)!.variable!
  return await layerOf(Object.fromEntries(values), ([name]) => plainName(variableOf(name)))
}

async function flagLayer ({ flags, given, problems: earlier = [] }: CommandLine): Promise<Layer> {
  const problems = [...earlier]
  const values = flags.filter(({ name }) => name in given)
    .map(flag => [flag.name, valuesOf(flag, given[flag.name]!, problems)])
  const { config, ...options } = Object.fromEntries(values)
  return await layerOf(options, ([name]) => plainName(flagNameOf(`${name}`)), { problems })
}
