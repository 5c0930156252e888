import type { Config, Options } from '../options/options.js'
import type { Setup } from '../options/setup.js'
import type { FlagValue } from '../options/flag-values.js'
import type { Flag } from '../options/flags.js'

/** What a user called. */
export interface Call {
  /** Reads the configuration. Rejects with a `UsageError` for everything that is wrong with the call. */
  config (): Promise<Config>
  /** The same for a command that starts azrun. `defaults` are those that differ from other commands'. */
  setup (defaults?: Partial<Options>): Promise<Setup>
  /** The values of the command's own options, by name. */
  readonly own: Readonly<Record<string, FlagValue | readonly FlagValue[] | undefined>>
  readonly argument: string
  /** What follows `--`. */
  readonly command: readonly string[]
  /** Prints the help of a command, or that of azrun for ''. */
  help (command: string): void
}

export interface Argument {
  readonly name: string
  readonly choices: readonly string[]
  /** Default: false. */
  readonly isOptional?: boolean
}

/** A flag beside which others have no meaning; `why` continues 'which'. */
export interface Exclusive {
  readonly flag: string
  readonly excludes: readonly string[]
  readonly why: string
}

/** A command: what help and completion say of it, and what it does. Its code is loaded when it runs. */
export interface Definition {
  readonly name: string
  readonly summary: string
  readonly usage: string
  /** What its help says at the end. */
  readonly notes?: string
  /** Its options that are azrun's, too; with any of them it reads the configuration. */
  readonly shared: readonly Flag[]
  readonly own?: readonly Flag[]
  readonly exclusive?: readonly Exclusive[]
  readonly argument?: Argument
  /** Whether it needs a command to run, after `--`. */
  readonly runsCommand?: boolean
  run (call: Call): Promise<void>
}
