import type { Logger } from 'pino'
import type { OwnCertificate } from '../certificates/own-certificate.js'
import type { Store } from '../core/store.js'
import { OptionError, UsageError } from '../core/usage-error.js'
import type { Fixture } from '../executors/fixture.js'
import { isPipeOrDevice } from '../files/pipe-or-device.js'
import type { Scenario } from '../scenarios/scenario.js'
import type { Clock } from '../time/clock.js'
import { findConfig, type Found, type Sources } from './config.js'
import type { Own } from './conflicts.js'
import { readFixtures } from './fixture-files.js'
import type { Config } from './options.js'
import { readScenarios, type FoundScenarios } from './scenario-sources.js'
import { tellOption } from './tell-option.js'

/** The objects that a program passes. */
export interface Parts extends Own {
  readonly clock?: Clock
  readonly store?: Store
  readonly logger?: Logger
}

/** Everything that an emulator is created from, checked. */
export interface Setup {
  readonly config: Config
  readonly parts: Parts
  /** The user's fixtures, in the order in which they are tried. */
  readonly fixtures: readonly Fixture[]
  /** The scenarios that are active from the start, in the order in which they are tried. */
  readonly scenarios: readonly Scenario[]
  /** The scenarios that the caller has chosen to try one by one; undefined if it has not. */
  readonly chosen?: readonly Scenario[] | undefined
  readonly ownCertificate?: OwnCertificate | undefined
  /** The sources, to read again. */
  readonly sources: Sources
}

/** Finds the scenarios to try one by one, given the user's. */
export type ScenarioChoice = (scenarios: readonly Scenario[]) => Promise<FoundScenarios>

/** What the caller adds. */
export interface SetupAdditions {
  /** Problems that it has found before. Default: none. */
  readonly problems?: readonly string[]
  /** Not called if the user's scenarios are not known, because of other problems. */
  readonly choose?: ScenarioChoice | undefined
}

/**
 * Reads the options, the user's certificate, the fixtures and the scenarios. Rejects with a `UsageError` that lists
 * every problem. A file may be a pipe that keeps all of azrun waiting, so a command must not catch signals earlier.
 */
export async function readSetup (sources: Sources, parts: Parts = {},
  { problems = [], choose }: SetupAdditions = {}): Promise<Setup> {
  const { config, problems: ofConfig } = await findConfig(sources, parts)
  const { ownCertificate, problems: ofCertificate } = await readCertificate(config)
  const found = { config, problems: [...problems, ...ofConfig, ...ofCertificate] }
  return { ...await readWith(found, sources, parts, choose), ownCertificate }
}

/**
 * Reads them again while an emulator runs. Calls `named` with the options before it reads the files that these name.
 * Refuses pipes and devices, which could keep it waiting forever.
 */
export async function readSetupAgain (sources: Sources, parts: Parts, named: (config: Config) => void): Promise<Setup> {
  refusePipes([sources.file?.path])
  const found = await findConfig(sources, parts)
  named(found.config)
  refusePipes([found.config.fixtures, found.config.scenarios])
  return await readWith(found, sources, parts)
}

async function readCertificate (config: Config): Promise<Pick<Setup, 'ownCertificate'> & Pick<Found, 'problems'>> {
  const { cert, key } = config
  if (cert === undefined || key === undefined) return { problems: [] }
  // Loaded only here: most runs have no certificate of their own.
  const { readOwnCertificate } = await import('../certificates/own-certificate.js')
  try {
    return { ownCertificate: readOwnCertificate(cert, key), problems: [] }
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    return { problems: [tellOption(error, config)] }
  }
}

function refusePipes (paths: readonly unknown[]): void {
  const pipes = paths.filter(path => typeof path === 'string').filter(isPipeOrDevice)
  if (pipes.length === 0) return
  throw new UsageError(pipes.map(path => `${path} is a pipe or a device, which --watch cannot read again: replace it with a file`))
}

async function readWith ({ config, problems }: Found, sources: Sources, parts: Parts,
  choose?: ScenarioChoice): Promise<Setup> {
  const { executor, fixtures: path, nameOf } = config
  const files = path !== undefined && executor === 'fixture' && parts.executor === undefined
    ? await readFixtures(path, nameOf('fixtures'))
    : { fixtures: [], problems: [] }
  const { scenarios, problems: ofScenarios } = await readScenarios(config.scenarios, nameOf('scenarios'))
  // A config file that azrun cannot read may have scenarios, too.
  const areKnown = config.scenarios !== undefined || sources.file === undefined || problems.length === 0
  const choice = areKnown && ofScenarios.length === 0 ? await choose?.(scenarios) : undefined
  const all = [...problems, ...files.problems, ...ofScenarios, ...choice?.problems ?? []]
  if (all.length > 0) throw new UsageError(all)
  const fixtures = [...parts.fixtures ?? [], ...files.fixtures]
  return { config, parts, sources, fixtures, scenarios, chosen: choice?.scenarios }
}
