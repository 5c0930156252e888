import type { Log } from '../core/log.js'
import type { Clock } from '../time/clock.js'
import type { Executor } from './executor.js'
import { createFixtureExecutor, type Fixture } from './fixture.js'
import { createShellExecutor } from './shell/shell.js'
import type { UnmatchedPolicy } from './unmatched.js'

export interface ExecutorOptions {
  readonly fixtures: readonly Fixture[]
  readonly unmatched: UnmatchedPolicy
  readonly clock: Clock
  readonly dataDir: string
  readonly log: Log
}

/** The name of a built-in executor. */
export type ExecutorName = 'fixture' | 'shell'

/** The built-in executors by name. */
export const executors: Readonly<Record<ExecutorName, (options: ExecutorOptions) => Executor>> = {
  fixture: createFixtureExecutor,
  shell: createShellExecutor
}
