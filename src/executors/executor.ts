import type { MaybePromise } from '../core/maybe-promise.js'
import type { RunContext } from '../core/cancellation.js'
import type { VirtualMachine } from '../core/virtual-machines.js'

export interface ScriptParameter {
  readonly name: string
  readonly value: string
}

/** A script to run, with everything that an executor needs to run it or to recognise it. */
export interface Execution {
  readonly vm: VirtualMachine
  /** The run command's id, such as `RunShellScript`. */
  readonly commandId: string
  /** The name of a managed run command; undefined for the action. */
  readonly runCommandName?: string
  /** The caller's parameters as they were sent. */
  readonly parameters: readonly ScriptParameter[]
  /** The script's lines joined with `\n`. */
  readonly script: string
  readonly interpreter: 'sh' | 'bash' | 'pwsh'
  /**
   * The path that the script sees as its own (`$0`), then its arguments. For bash: the words after the script's path on
   * the command line, as the managed handler writes them: not quoted.
   */
  readonly args: readonly [string, ...string[]]
  /** Environment variables for the script. */
  readonly env: Readonly<Record<string, string>>
  /** Maximum bytes to return of each stream; the last ones are kept. */
  readonly maxOutput: number
  /**
   * The user that the script runs as. Default: the one that runs azrun. Needs root; a user that does not exist is an
   * `ExecutionError` with code `RunAsUserNotFound`.
   */
  readonly user?: string
  /** Where each whole stream goes besides the result, which has its end. */
  readonly sinks?: { readonly stdout?: Sink, readonly stderr?: Sink }
  /**
   * Aborts when the script's time is over: then everything that was started ends, and the result and the sinks have
   * what the script has written. The exit code does not count.
   */
  readonly timeUp?: AbortSignal
}

/** What messages call what runs: the command of the action, or the managed run command. */
export function commandName ({ commandId, runCommandName }: Pick<Execution, 'commandId' | 'runCommandName'>): string {
  return runCommandName === undefined ? commandId : `managed run command '${runCommandName}'`
}

/** Takes a stream of a script, once the script has ended. */
export interface Sink {
  /** Called for one piece after the other, of at most 4 MiB. If it rejects or throws, the run fails with its error. */
  write (bytes: Buffer): MaybePromise<void>
}

export interface ExecutionResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** Bytes of the whole stream, where the text above is its end. Default: those of the text. */
  readonly stdoutBytes?: number
  readonly stderrBytes?: number
  /** What the response's `value` shows. Default: what Azure shows of the streams. */
  readonly statuses?: readonly ResultStatus[]
}

/** One of Azure's InstanceViewStatus. What it leaves out is that of the status which Azure shows at this place. */
export interface ResultStatus {
  readonly code?: string
  readonly level?: 'Info' | 'Warning' | 'Error'
  readonly displayStatus?: string
  readonly message?: string
  /** A date and time in ISO 8601. Azure shows none for a run command. */
  readonly time?: string
}

/** Runs scripts, or returns results as if it did. */
export interface Executor {
  /**
   * Runs the script to its end. A failing script is a result; only a script that could not be run throws or rejects,
   * with an `ExecutionError`. When the context's signal aborts, everything that was started ends and the promise
   * rejects. A result without a promise is one that needs no time: the operation then starts completed.
   */
  execute (execution: Execution, context: RunContext): MaybePromise<ExecutionResult>
  /** Frees what the executor holds beyond single executions. */
  close? (): Promise<void>
}

/** The script could not be run. `code` becomes the error code of the failed operation. */
export class ExecutionError extends Error {
  readonly code: string

  constructor (code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
