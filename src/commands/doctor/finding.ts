import type { Config } from '../../options/config.js'
import type { RunningAzrun } from './running.js'

/** What a check found. Only `fail` keeps azrun from running. A `note` says what does not work, and the cure. */
export interface Finding {
  readonly status: 'ok' | 'note' | 'fail'
  readonly text: string
}

/** What the checks look at. */
export interface Surroundings {
  readonly config: Config
  /** Undefined without --data-dir if the user has no home directory. */
  readonly dataDir: string | undefined
  /** The azrun at the host and port; undefined if there is none. */
  readonly running?: RunningAzrun | undefined
  readonly env: NodeJS.ProcessEnv
  /** The version of Node.js, as in `process.versions.node`. */
  readonly node: string
}

/** Looks at one part of the surroundings. Changes nothing. */
export type Check = (surroundings: Surroundings) => readonly Finding[] | Promise<readonly Finding[]>

/** What works. */
export function ok (text: string): Finding {
  return { status: 'ok', text }
}

/** What does not work although azrun can run, with the cure. */
export function note (text: string): Finding {
  return { status: 'note', text }
}

/** What keeps azrun from running, with the cure. */
export function fail (text: string): Finding {
  return { status: 'fail', text }
}
