import type { VirtualMachine } from '../core/virtual-machines.js'

export interface ScriptParameter {
  readonly name: string
  readonly value: string
}

/** By what an executor recognises a script. */
export interface RequestedScript {
  readonly vm: VirtualMachine
  /** The run command's id, such as `RunShellScript`. */
  readonly commandId: string
  /** The caller's parameters as they were sent. */
  readonly parameters: readonly ScriptParameter[]
  /** The script's lines joined with `\n`. */
  readonly script: string
}

/** A script to be run, with all that an executor may need to run it or to recognise it. */
export interface Execution extends RequestedScript {
  readonly interpreter: 'sh' | 'pwsh'
  /** The path that the script believes to run from (`$0`), then its arguments. */
  readonly args: readonly [string, ...string[]]
  /** Environment variables for the script. */
  readonly env: Readonly<Record<string, string>>
  /** Bytes of each stream that are worth keeping: its last ones. */
  readonly maxOutput: number
}

export interface ExecutionResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs scripts, or answers as if it did. */
export interface Executor {
  /**
   * What `execute` would come to, where that is known without running anything or waiting, the same object for the
   * same result; else undefined. Throws an `ExecutionError` where `execute` would reject with one. It is asked first:
   * what is known needs no signal, no watch and no turn of the event loop.
   */
  answer? (requested: RequestedScript): ExecutionResult | undefined
  /**
   * Runs the script to its end. A script that fails is a result; only one that could not be run rejects, with an
   * `ExecutionError`. When the signal aborts, everything that was started ends and the promise rejects.
   */
  execute (execution: Execution, signal: AbortSignal): Promise<ExecutionResult>
  /** Frees what the executor holds beyond its executions. */
  close? (): Promise<void>
}

/** The script could not be run; `code` is what the failed operation shows as its error code. */
export class ExecutionError extends Error {
  readonly code: string

  constructor (code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
