import type { ResourceId } from '../core/resource-id.js'
import type { Scope } from '../core/scope.js'
import type { Operation } from './operation.js'
import type { ScriptRun } from './script-run.js'

/** A run command that was started recently. */
export interface RecentRun {
  /** The operation as it began; `Operations` has its current state. */
  readonly operation: Operation
  readonly vmId: ResourceId
  /** Such as `RunShellScript`. */
  readonly commandId: string
  /** Only for a managed run command. */
  readonly runCommandName?: string
  /** The beginning of the script: see `beginningOf`. */
  readonly script: string
  readonly scriptRun: Readonly<ScriptRun>
}

/** The number of runs to keep. */
const CAPACITY = 20

/** The number of characters to keep of a script. */
const MAX_SCRIPT = 200

/** The latest run commands, for azrun's pages. In memory only: the store keeps the operations. */
export class RecentRuns {
  #runs: RecentRun[] = []
  /** The index for the next run, which replaces the oldest once the list is full. */
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

/** The first 200 characters of a script, as a string that does not keep the whole script or its body in memory. */
export function beginningOf (lines: readonly string[]): string {
  let text = ''
  for (const line of lines) {
    text += `${line.slice(0, MAX_SCRIPT)}\n`
    if (text.length > MAX_SCRIPT) break
  }
  // V8 keeps the parts of a concatenated string until its characters are read. `trimEnd` reads them.
  return text.trimEnd().slice(0, MAX_SCRIPT)
}
