import type { Logger } from 'pino'
import type { Clock } from '../core/clock.js'
import type { Log } from '../core/log.js'
import type { Store } from '../core/store.js'
import { UsageError } from '../core/usage-error.js'
import type { Executor } from '../executors/executor.js'
import type { Fixture } from '../executors/fixture.js'
import { executors } from '../executors/index.js'
import { configOf, requireConsent, type Config } from './config.js'
import { readFixtures } from './fixture-files.js'
import { compileSchema, readSchema } from './json-schema.js'

export interface EmulatorOptions extends Partial<Omit<Config, 'executor' | 'fixtures' | 'readyFile'>> {
  /** A JSON file of options, as for --config. Options given here override it. */
  readonly config?: string
  /** The name of a built-in executor, or an executor of your own. */
  readonly executor?: Config['executor'] | Executor
  /** A directory of fixture files, or the fixtures themselves; tried before the built-in ones. */
  readonly fixtures?: string | readonly Fixture[]
  /** Default: the system clock. */
  readonly clock?: Clock
  /** Where state is kept. Default: in memory, with at least the newest 10 000 operations that have ended. */
  readonly store?: Store
  /** Default: a logger to stderr at `logLevel`, whose default here is `silent`. */
  readonly logger?: Logger
}

/** The options of an emulator that has a data directory. */
export interface PlacedConfig extends Config {
  readonly dataDir: string
}

/** The defaults that differ from the command line's: a free port. */
const DEFAULTS = { port: 0 }

/** How many scripts run at once unless the user says otherwise: the same on every machine, so that tests are, too. */
const MAX_SCRIPTS = 32

/** Converts a program's options to those of a command line. Throws a `UsageError`. */
export function configFrom (options: EmulatorOptions): Config {
  requireObject(options)
  const { config: file, executor, fixtures, clock, logger, store, ...given } = options
  if ((given as Partial<Config>).readyFile !== undefined) {
    throw new UsageError("option 'readyFile' is for the command line only: remove it, and use the url, port and caFile " +
      'of the emulator that startEmulator returns')
  }
  const config = configOf({
    ...given,
    ...typeof executor !== 'object' && { executor },
    ...typeof fixtures === 'string' && { fixtures }
  }, DEFAULTS, file)
  if (store !== undefined) requireMethods("option 'store' must be an object", store, ['records', 'clear'])
  if (clock !== undefined) requireMethods("option 'clock' must be an object", clock, ['now', 'sleep'])
  if (logger !== undefined) requireMethods("option 'logger' must be a pino logger", logger, ['isLevelEnabled', 'debug'])
  if (typeof executor !== 'object') return config
  requireMethods("option 'executor' must be an executor's name or an object", executor, ['execute'])
  requireConsent('an executor of your own', config)
  return config
}

/** The chosen executor. Throws a `UsageError` for invalid fixtures, or for fixtures that the executor does not use. */
export function executorFrom ({ executor, fixtures }: EmulatorOptions, config: PlacedConfig,
  { clock, log }: { readonly clock: Clock, readonly log: Log }): Executor {
  if (fixtures !== undefined && (typeof executor === 'object' || config.executor !== 'fixture')) {
    throw new UsageError("option 'fixtures' is given with an executor that does not use fixtures: " +
      'remove one of the two')
  }
  if (typeof executor === 'object') {
    if (config.unmatched === 'succeed') return executor
    throw new UsageError("option 'unmatched' is given with an executor of your own, which does not use fixtures: " +
      'remove one of the two')
  }
  const own = fixtures === undefined || typeof fixtures === 'string' ? [] : checked(fixtures)
  const { dataDir, unmatched } = config
  const all = [...own, ...readFixtures(config.fixtures)]
  return executors[config.executor]({ fixtures: all, unmatched, clock, dataDir, log })
}

/** How many scripts may run at once; undefined if there is no limit. Throws a `UsageError` for one without scripts. */
export function maxScriptsOf ({ executor }: EmulatorOptions, config: Config): number | undefined {
  const { maxScripts } = config
  if (typeof executor === 'object') return maxScripts
  if (config.executor !== 'fixture') return maxScripts ?? MAX_SCRIPTS
  if (maxScripts === undefined) return undefined
  throw new UsageError(`--max-scripts ${maxScripts} is given with --executor fixture, which runs no scripts: ` +
    'remove it, or use --executor shell')
}

function checked (fixtures: readonly Fixture[]): readonly Fixture[] {
  compileSchema(readSchema('fixture.schema.json'))({ fixtures }, path => `option '${path.slice(1)}'`)
  return fixtures
}

function requireObject (options: unknown): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return
  throw new UsageError(`the options must be an object such as { port: 10900 }, not ${JSON.stringify(options) ?? typeof options}: ` +
    'give one, or none at all')
}

function requireMethods (rule: string, value: object | null, methods: readonly string[]): void {
  const missing = methods.find(name => typeof (value as Record<string, unknown> | null)?.[name] !== 'function')
  if (missing !== undefined) throw new UsageError(`${rule} with a method '${missing}'`)
}
