import type { ErrorDetail } from '../operations/operation.js'
import type { ScriptOutput } from '../operations/script-run.js'

/** How a managed script ended. */
export interface ManagedOutcome {
  readonly executionState: 'Succeeded' | 'Failed' | 'TimedOut' | 'Canceled'
  readonly exitCode: number
  /** The message in the instance view. */
  readonly message: string
  /** Also fails the operation: azrun could not run the script. */
  readonly error?: ErrorDetail
  readonly output: ScriptOutput
}

/** What a script that did not run has written. */
export const NO_OUTPUT: ScriptOutput = { stdout: '', stderr: '', stdoutBytes: 0, stderrBytes: 0 }

/** The outcome of a script that ended by itself (recorded: azcli_managed_vm_2024-07-01, exchange 28). */
export function exited (exitCode: number, output: ScriptOutput): ManagedOutcome {
  return exitCode === 0
    ? { executionState: 'Succeeded', exitCode, message: 'Execution completed', output }
    : { executionState: 'Failed', exitCode, message: endedWith(exitCode), output }
}

/** The outcome of a command whose script did not run. */
export function failed (exitCode: number, failure: string): ManagedOutcome {
  return { executionState: 'Failed', exitCode, message: failureOf(failure), output: NO_OUTPUT }
}

/**
 * The outcome of a script that was killed at its timeout, with its output so far. Inferred: the state is from the
 * documentation, the exit code and the words are from the handler.
 */
export function timedOut (output: ScriptOutput): ManagedOutcome {
  return { executionState: 'TimedOut', exitCode: -1, message: endedWith(-1), output }
}

/** The outcome of a blank script, which cancels an earlier run. All of it is inferred. */
export function canceled (): ManagedOutcome {
  return { executionState: 'Canceled', exitCode: 0, message: failureOf('the script was canceled'), output: NO_OUTPUT }
}

function endedWith (exitCode: number): string {
  return failureOf(`failed to execute command: command terminated with exit status=${exitCode}`)
}

function failureOf (failure: string): string {
  return `Execution failed: ${failure}`
}
