import type { MaybePromise } from '../core/maybe-promise.js'
import type { RunContext } from '../operations/cancellation.js'
import type { VirtualMachine } from '../resources/virtual-machines.js'

/** A parameter of a script, as the client sent it. */
export interface ScriptParameter {
  readonly name: string
  readonly value: string
}

/** A script with everything that an executor needs to run or recognize it. */
export interface Execution {
  readonly vm: VirtualMachine
  /** The run command's id, such as `RunShellScript`. */
  readonly commandId: string
  /** The name of a managed run command; undefined for the action. */
  readonly runCommandName?: string
  /** The parameters as the client sent them. */
  readonly parameters: readonly ScriptParameter[]
  /** The script's lines joined with `\n`. */
  readonly script: string
  readonly interpreter: 'sh' | 'bash' | 'pwsh'
  /**
   * The script's path as it sees it (`$0`), then its arguments. For bash, these are the words after the script's path
   * on the command line, unquoted, as the managed handler writes them.
   */
  readonly args: readonly [string, ...string[]]
  /** Environment variables for the script. */
  readonly env: Readonly<Record<string, string>>
  /** The most bytes to return of each stream, from its end. */
  readonly maxOutput: number
  /**
   * The user that the script runs as. Default: the one that runs azrun. Needs root; a user that does not exist is an
   * `ExecutionError` with code `RunAsUserNotFound`.
   */
  readonly user?: string
  /** Receive the whole streams, in addition to the ends in the result. */
  readonly sinks?: { readonly stdout?: Sink, readonly stderr?: Sink }
  /**
   * Aborts at the script's timeout. Then everything that was started must end. The result and the sinks have the output
   * so far; the exit code is ignored.
   */
  readonly timeUp?: AbortSignal
}

/** How messages name an execution: by its command or, for a managed run command, by its name. */
export function commandName ({ commandId, runCommandName }: Pick<Execution, 'commandId' | 'runCommandName'>): string {
  return runCommandName === undefined ? commandId : `managed run command '${runCommandName}'`
}

/** Receives a stream of a script once the script has ended. */
export interface Sink {
  /** Called with one piece of at most 4 MiB after the other. If it fails, the run fails with its error. */
  write (bytes: Buffer): MaybePromise<void>
}

/** How a script ended, and what it wrote. */
export interface ExecutionResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** The length of the whole stream, if the text above is only its end. Default: that of the text. */
  readonly stdoutBytes?: number
  readonly stderrBytes?: number
  /** The `value` of the response. Default: as Azure shows the streams. */
  readonly statuses?: readonly ResultStatus[]
}

/** One of Azure's InstanceViewStatus. Missing members come from Azure's own status at the same index. */
export interface ResultStatus {
  readonly code?: string
  readonly level?: 'Info' | 'Warning' | 'Error'
  readonly displayStatus?: string
  readonly message?: string
  /** A date and time in ISO 8601. Azure has none for a run command. */
  readonly time?: string
}

/** Runs scripts, or returns results as if it did. */
export interface Executor {
  /**
   * Runs the script to its end. A failing script has a result. If the script could not be run, this throws or rejects
   * with an `ExecutionError`. When the context's signal aborts, everything that was started must end and the promise
   * must reject. If this returns no promise and there is no delay, the operation is completed at once.
   */
  execute (execution: Execution, context: RunContext): MaybePromise<ExecutionResult>
  /** Frees the resources that the executor holds between executions. */
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
