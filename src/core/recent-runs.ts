import type { Operation } from './operation.js'
import type { ResourceId } from './resource-id.js'
import type { Scope } from './scope.js'

/** A run command that was started lately. */
export interface RecentRun {
  /** The operation as it started; `Operations` has it as it is now. */
  readonly operation: Operation
  readonly vmId: ResourceId
  /** Such as `RunShellScript`. */
  readonly commandId: string
  /** Of a managed run command. */
  readonly runCommandName?: string
  /** The beginning of the script: see `beginningOf`. */
  readonly script: string
  readonly ended: Readonly<EndedRun>
}

/** What an operation does not have of its script. All of it is undefined until the script has ended. */
export interface EndedRun {
  /** Undefined also for a script that could not be run. */
  exitCode?: number | undefined
  output?: ScriptOutput | undefined
  /** Milliseconds that it waited for its turn, and that it ran. */
  queuedMs?: number | undefined
  ranMs?: number | undefined
  /** Called when the script has ended. */
  onEnd?: (() => void) | undefined
}

/** What a script wrote. */
export interface ScriptOutput {
  /** As Azure shows it: the last 4096 bytes. */
  readonly stdout: string
  readonly stderr: string
  /** Of the whole streams. */
  readonly stdoutBytes: number
  readonly stderrBytes: number
}

/** How many runs are kept. */
const CAPACITY = 20

/** The most characters of a script that are kept. */
const MAX_SCRIPT = 200

/** The run commands that were started last, for people to look at. In memory only: a store keeps the operations. */
export class RecentRuns {
  #runs: RecentRun[] = []
  /** Where the next run goes: over the oldest one, once there are enough. */
  #next = 0

  add (run: RecentRun): void {
    this.#runs[this.#next] = run
    this.#next = (this.#next + 1) % CAPACITY
  }

  /** The last 20 runs, the newest first. */
  list (): RecentRun[] {
    return this.#oldestFirst().reverse()
  }

  /** Forgets the runs on machines in a scope. */
  clear (scope: Scope): void {
    this.#runs = this.#oldestFirst().filter(({ vmId }) => !scope.contains(vmId))
    this.#next = this.#runs.length % CAPACITY
  }

  #oldestFirst (): RecentRun[] {
    return [...this.#runs.slice(this.#next), ...this.#runs.slice(0, this.#next)]
  }
}

/** The first 200 characters of a script. They do not keep the rest of it, or the body that it came in, in memory. */
export function beginningOf (lines: readonly string[]): string {
  let text = ''
  for (const line of lines) {
    text += `${line.slice(0, MAX_SCRIPT)}\n`
    if (text.length > MAX_SCRIPT) break
  }
  // V8 keeps the parts of a sum of strings until its characters are read, as here: then it is a string of its own.
  return text.trimEnd().slice(0, MAX_SCRIPT)
}
