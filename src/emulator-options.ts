import type { Logger } from 'pino'
import { configOf, requireConsent, type Config } from './config.js'
import type { Clock } from './core/clock.js'
import type { Executor } from './executors/executor.js'
import type { Fixture } from './executors/fixture.js'
import { executors } from './executors/index.js'
import { readFixtures } from './fixtures.js'
import { compileSchema, readSchema } from './schema.js'
import { UsageError } from './usage-error.js'

export interface EmulatorOptions extends Partial<Omit<Config, 'executor' | 'fixtures' | 'readyFile'>> {
  /** A file of options, as for --config; options given here override it. */
  readonly config?: string
  /** The name of a built-in executor, or one of your own. */
  readonly executor?: Config['executor'] | Executor
  /** A directory of fixture files, or fixtures; tried before the built-in ones. */
  readonly fixtures?: string | readonly Fixture[]
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: one that writes to stderr at `logLevel`, which is `silent` here unless it is given. */
  readonly logger?: Logger
}

/** What differs from a command line: a program asks for what it wants printed, and takes a free port. */
const DEFAULTS = { port: 0, logLevel: 'silent' } as const

/** The options as those of a command line. Throws a `UsageError`. */
export function configFrom ({ config: file, executor, fixtures, clock, logger, ...given }: EmulatorOptions): Config {
  const config = configOf({
    ...given,
    ...typeof executor !== 'object' && { executor },
    ...typeof fixtures === 'string' && { fixtures }
  }, DEFAULTS, file)
  if (typeof executor !== 'object') return config
  if (typeof executor?.execute !== 'function') {
    throw new UsageError("option 'executor' must be an executor's name or have a method execute")
  }
  if (!['function', 'undefined'].includes(typeof executor.answer)) {
    throw new UsageError(`option 'executor' has an answer that is no method but ${JSON.stringify(executor.answer)}`)
  }
  requireConsent('an executor of your own', config)
  return config
}

/** The executor asked for. Throws a `UsageError` for fixtures that are none, or that it does not answer from. */
export function executorFrom ({ executor, fixtures }: EmulatorOptions, config: Config, clock: Clock): Executor {
  if (fixtures !== undefined && (typeof executor === 'object' || config.executor !== 'fixture')) {
    throw new UsageError("option 'fixtures' is given with an executor that does not answer from fixtures")
  }
  if (typeof executor === 'object') return executor
  const own = fixtures === undefined || typeof fixtures === 'string' ? [] : checked(fixtures)
  return executors[config.executor]({ fixtures: [...own, ...readFixtures(config.fixtures)], clock })
}

function checked (fixtures: readonly Fixture[]): readonly Fixture[] {
  compileSchema(readSchema('fixture.schema.json'))({ fixtures }, path => `option '${path.slice(1)}'`)
  return fixtures
}
