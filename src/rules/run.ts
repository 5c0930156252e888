import type { JournalEntry } from '../journal/entry.js'

/** What is known of a run of a client, or of several clients: they are told apart by their User-Agent. */
export interface Run {
  /** In the order of their sequence. */
  readonly entries: readonly JournalEntry[]
  /** Undefined if nobody watched the client itself: then only its requests are judged. */
  readonly command?: CommandEnd
  /** By which the entries have their times. Waits cannot be judged by a virtual clock. Default: `system`. */
  readonly clock?: 'system' | 'virtual'
  readonly apiVersions: ApiVersions
}

/** How a client's command ended: by itself, or because it ran for longer than it may. */
export type CommandEnd = Exited | Stopped

export interface Exited {
  /** 128 and more for a signal, as in a shell. */
  readonly exitCode: number
  /** stdout and stderr. */
  readonly output: string
}

export interface Stopped {
  readonly stoppedAfterMs: number
  readonly output: string
}

/** The published versions: of Microsoft.Compute, and of Resource Manager's own resources. */
export interface ApiVersions {
  readonly compute: readonly string[]
  readonly network: readonly string[]
  readonly resourceGraph: readonly string[]
  readonly gateway: readonly string[]
}

export function hasExited (command: CommandEnd | undefined): command is Exited {
  return command !== undefined && 'exitCode' in command
}
