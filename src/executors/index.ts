import type { Clock } from '../core/clock.js'
import type { Executor } from './executor.js'
import { createFixtureExecutor, type Fixture } from './fixture.js'
import { createShellExecutor } from './shell.js'

export interface ExecutorOptions {
  readonly fixtures: readonly Fixture[]
  readonly clock: Clock
}

/** The executors that can be chosen by name. */
export const executors = {
  fixture: createFixtureExecutor,
  shell: createShellExecutor
} satisfies Record<string, (options: ExecutorOptions) => Executor>

export type ExecutorName = keyof typeof executors
