import { UsageError } from '../core/usage-error.js'
import { conflictsIn, type Own } from './conflicts.js'
import { canonicalHost } from './host.js'
import { readLayer, type ConfigFile, type Layer } from './layers.js'
import { plainName, type OptionName } from './names.js'
import { DEFAULTS, type Config, type Options } from './options.js'
import { withScenarioMistakes } from './scenario-sources.js'

export type { Config } from './options.js'

/** The sources of options, from the weakest to the strongest. */
export interface Sources {
  /** Defaults that differ from those of the schema. */
  readonly defaults?: Partial<Options>
  readonly file?: ConfigFile
  readonly layers: readonly Layer[]
  /** How to name an option that no source sets. */
  nameOf (option: string): string
}

/** The options, and what is wrong with their sources, a line each. Wrong options have their defaults. */
export interface Found {
  readonly config: Config
  readonly problems: readonly string[]
}

/** Reads the options of a command. Rejects with a `UsageError` that lists every problem. */
export async function readConfig (sources: Sources): Promise<Config> {
  const { config, problems } = await findConfig(sources)
  if (problems.length > 0) throw new UsageError(problems)
  return config
}

/** Merges the sources, and reads the file again on each call. A later source wins; undefined counts as missing. */
export async function findConfig (sources: Sources, own: Own = {}): Promise<Found> {
  const { defaults, file, layers: given } = sources
  const read = file === undefined ? given : [await readLayer(file), ...given]
  const layers = await Promise.all(read.map(withScenarioMistakes))
  const wrong = new Set(layers.flatMap(({ mistakes }) => mistakes.map(({ path: [name] }) => name)))
  const values = layers.flatMap(layer => Object.entries(layer.values))
    .filter(([name, value]) => value !== undefined && name !== '$schema' && !wrong.has(name))
  const merged = { ...DEFAULTS, ...defaults, ...Object.fromEntries(values) } as Options
  const nameOf = (option: string): OptionName =>
    layers.findLast(({ values }) => values[option] !== undefined)?.nameOf([option]) ?? plainName(sources.nameOf(option))
  const problems = layers.flatMap(layer => [...layer.problems, ...layer.tell(layer.mistakes)])
  const config = Object.freeze({
    ...merged,
    host: canonicalHost(merged.host),
    publicName: [...new Set(merged.publicName.map(canonicalHost))],
    nameOf
  })
  const isWhole = layers.every(({ problems }) => problems.length === 0)
  if (isWhole) problems.push(...conflictsIn(config, { ...own, hasFile: file !== undefined }, wrong))
  return { config, problems }
}

/** Host and port for a URL on this machine: loopback if azrun listens on all addresses. */
export function authorityOf (host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`
}
