import type { JournalEntry } from '../journal/entry.js'

/** A run of one or more clients, which the rules distinguish by User-Agent. */
export interface Run {
  /** The entries in the order of their sequence. */
  readonly entries: readonly JournalEntry[]
  /** Undefined if nobody watched the client itself. Then the rules judge only its requests. */
  readonly command?: CommandEnd
  /** The clock of the entries' times. Waits on a virtual clock cannot be judged. Default: `system`. */
  readonly clock?: 'system' | 'virtual'
}

/** How a client's command ended: by itself, or because it ran too long. */
export type CommandEnd = Exited | Stopped

export interface Exited {
  /** For a signal 128 plus its number, as in a shell. */
  readonly exitCode: number
  /** stdout and stderr. */
  readonly output: string
}

export interface Stopped {
  readonly stoppedAfterMs: number
  readonly output: string
}

/** Whether the command ended by itself; false also for one that nobody watched. */
export function hasExited (command: CommandEnd | undefined): command is Exited {
  return command !== undefined && 'exitCode' in command
}
