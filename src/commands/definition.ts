import type { FlagValue } from '../options/flag-values.js'
import type { Flag } from '../options/flags.js'
import type { Config, Options } from '../options/options.js'
import type { ScenarioChoice, Setup } from '../options/setup.js'

/** A call of a command. */
export interface Call {
  /** Reads the configuration. Rejects with a `UsageError` that lists everything wrong with the call. */
  config (): Promise<Config>
  /** Like `config`, for a command that starts azrun. `defaults` override the usual defaults. */
  setup (defaults?: Partial<Options>, choose?: ScenarioChoice): Promise<Setup>
  /** The values of the command's own options, by name, or their defaults. */
  readonly own: Readonly<Record<string, FlagValue | readonly FlagValue[] | undefined>>
  readonly argument: string
  /** The words after `--`. */
  readonly command: readonly string[]
  /** Prints the help of a command; '' stands for azrun itself. */
  help (command: string): void
}

/** A word that a command takes. */
export interface Argument {
  readonly name: string
  readonly choices: readonly string[]
  /** Default: false. */
  readonly isOptional?: boolean
}

/** A flag that makes others meaningless. In the message, `why` follows 'which'. */
export interface Exclusive {
  readonly flag: string
  readonly excludes: readonly string[]
  readonly why: string
}

/** A command: its help and completion, and what it does. Only `run` loads its code. */
export interface Definition {
  readonly name: string
  readonly summary: string
  readonly usage: string
  /** The end of its help. */
  readonly notes?: string
  /** The options of the configuration that it uses. If there are any, it reads the configuration. */
  readonly shared: readonly Flag[]
  readonly own?: readonly Flag[]
  readonly exclusive?: readonly Exclusive[]
  readonly argument?: Argument
  /** Whether it needs a command to run, after `--`. */
  readonly runsCommand?: boolean
  run (call: Call): Promise<void>
}
