import type { Logger } from 'pino'
import type { Store } from '../core/store.js'
import { UsageError } from '../core/usage-error.js'
import type { Executor } from '../executors/executor.js'
import type { Fixture } from '../executors/fixture.js'
import type { ExecutorName } from '../executors/index.js'
import type { Clock } from '../time/clock.js'
import { VirtualClock } from '../time/virtual-clock.js'
import { shown } from '../validation/mistakes.js'
import { textOf, type Path } from '../validation/paths.js'
import { layerOf } from './layers.js'
import { plainName, tell, type OptionName } from './names.js'
import type { Options } from './options.js'
import { readSetup, type Parts, type Setup } from './setup.js'

export interface EmulatorOptions extends Partial<Omit<Options, 'clock' | 'executor' | 'fixtures' | 'readyFile'>> {
  /** A JSON file of options, as for --config; comments are allowed. Options given here override it. */
  readonly config?: string
  /** The name of a built-in executor, or your own executor. */
  readonly executor?: ExecutorName | Executor
  /** A fixture file, a directory of them, or the fixtures themselves. They are tried before the built-in ones. */
  readonly fixtures?: string | readonly Fixture[]
  /** The name of a clock, or a clock, for example a `VirtualClock` that starts at another time. Default: `system`. */
  readonly clock?: 'system' | 'virtual' | Clock
  /** Keeps the state. Default: in memory, with at least the newest 10 000 completed operations. */
  readonly store?: Store
  /**
   * It replaces `logLevel`, `logFormat` and `verbose` of a config file, and cannot be combined with these options here.
   * Default: a logger to stderr at `logLevel`, whose default here is `silent`.
   */
  readonly logger?: Logger
}

/** Options with which the emulator has a `VirtualClock`. */
export type VirtualClockOptions = EmulatorOptions & { readonly clock: 'virtual' }

/** Defaults that differ from the command line's: a free port. */
const DEFAULTS = { port: 0 }

const ONLY_HERE = ['config', 'store', 'logger']

/** The options of azrun's own logger. */
const OF_LOGGER = ['logLevel', 'logFormat', 'verbose'] as const

/** Checks a program's options and reads their files. Rejects with a `UsageError` that lists every problem. */
export async function setupFrom (options: EmulatorOptions): Promise<Setup> {
  requireObject(options)
  const { config, executor, fixtures, clock, store, logger, ...given } = options
  const { readyFile, ...values } = given as Partial<Options>
  const parts: Parts = {
    store,
    logger,
    ...typeof clock === 'object' && { clock },
    ...typeof executor === 'object' && { executor },
    ...Array.isArray(fixtures) && { fixtures }
  }
  const layer = await layerOf({
    ...values,
    clock: typeof clock !== 'object' ? clock : clock instanceof VirtualClock ? 'virtual' : undefined,
    ...typeof executor !== 'object' && { executor },
    ...typeof fixtures === 'string' && { fixtures }
  }, nameOf, { alsoKnown: ONLY_HERE })
  const file = typeof config === 'string' ? { path: config, option: "option 'config'" } : undefined
  const sources = { defaults: DEFAULTS, file, layers: [layer], nameOf: (name: string) => nameOf([name]).text }
  const problems = [...await problemsOf(options), ...readyFile === undefined ? [] : [NO_READY_FILE]]
  return await readSetup(sources, parts, { problems })
}

const NO_READY_FILE = "option 'readyFile' is for the command line only: remove it, and use the url, port and caFile " +
  'of the emulator that startEmulator returns'

function nameOf (path: Path): OptionName {
  return plainName(`option '${textOf(path)}'`)
}

/** What is wrong with the options that a config file cannot have. */
async function problemsOf (options: EmulatorOptions): Promise<string[]> {
  const { config, executor, fixtures, clock, store, logger } = options
  return [
    ...config === undefined || typeof config === 'string' ? [] : [`option 'config' must be the path of a file, not ${shown(config)}`],
    ...typeof clock === 'object' ? missingMethod("option 'clock' must be a clock's name or an object", clock, ['now', 'sleep']) : [],
    ...missingMethod("option 'store' must be an object", store, ['records', 'clear']),
    ...missingMethod("option 'logger' must be a pino logger", logger, ['isLevelEnabled', 'debug']),
    ...logger === undefined ? [] : OF_LOGGER.filter(name => options[name] !== undefined).map(ignoredBesideLogger),
    ...typeof executor === 'object'
      ? missingMethod("option 'executor' must be an executor's name or an object", executor, ['execute'])
      : [],
    ...fixtures === undefined || typeof fixtures === 'string' ? [] : await fixtureProblems(fixtures)
  ]
}

function ignoredBesideLogger (name: string): string {
  return `option '${name}' cannot be combined with option 'logger', which has its own level and format: remove one of the two`
}

async function fixtureProblems (fixtures: readonly Fixture[]): Promise<string[]> {
  if (!Array.isArray(fixtures)) {
    return [`option 'fixtures' must be a fixture file, a directory of them or a list of fixtures, not ${shown(fixtures)}`]
  }
  const { fixtureMistakes } = await import('./fixture-check.js')
  return tell(fixtureMistakes({ fixtures }), nameOf)
}

function missingMethod (rule: string, value: object | null | undefined, methods: readonly string[]): string[] {
  if (value === undefined) return []
  const missing = methods.find(name => typeof (value as Record<string, unknown> | null)?.[name] !== 'function')
  return missing === undefined ? [] : [`${rule} with a method '${missing}'`]
}

function requireObject (options: unknown): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return
  throw new UsageError(`the options must be an object such as { port: 10900 }, not ${shown(options)}: give one, or none at all`)
}
