import type { Log } from '../core/log.js'
import type { Executor } from '../executors/executor.js'
import type { Fixture } from '../executors/fixture.js'
import { executors } from '../executors/index.js'
import type { Clock } from '../time/clock.js'
import { builtInFixtures } from './fixture-files.js'
import type { Setup } from './setup.js'

/** The default of scripts that run at once. It is the same on every machine, so that tests behave the same. */
const MAX_SCRIPTS = 32

/** The executor of an emulator. */
export interface ChosenExecutor {
  readonly executor: Executor
  /** Makes later executions use these fixtures, if the executor uses any. */
  useFixtures (fixtures: readonly Fixture[]): void
}

export interface ChooseOptions {
  readonly clock: Clock
  /** The directory for records of running scripts. */
  readonly dataDir: string
  readonly log: Log
}

/** The program's own executor, or else the built-in one of the options. */
export function chooseExecutor ({ config: { executor: name, unmatched }, parts, fixtures }: Setup,
  options: ChooseOptions): ChosenExecutor {
  if (parts.executor !== undefined) return { executor: parts.executor, useFixtures () {} }
  const create = (used: readonly Fixture[]) => executors[name]({ ...options, fixtures: used, unmatched })
  if (name !== 'fixture') return { executor: create([]), useFixtures () {} }
  const builtIn = builtInFixtures()
  let current = create([...fixtures, ...builtIn])
  return {
    executor: { execute: (execution, context) => current.execute(execution, context) },
    useFixtures (own) { current = create([...own, ...builtIn]) }
  }
}

/** The limit of concurrent scripts; undefined if there is none. */
export function maxScriptsOf ({ config: { executor, maxScripts }, parts }: Setup): number | undefined {
  const isBuiltIn = parts.executor === undefined
  return maxScripts ?? (isBuiltIn && executor !== 'fixture' ? MAX_SCRIPTS : undefined)
}
