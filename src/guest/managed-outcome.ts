import type { RunCommandInstanceView } from '../core/managed-run-command.js'
import type { ErrorDetail } from '../core/operation.js'
import type { ScriptOutput } from '../core/recent-runs.js'
import { agentTime, serviceTime } from '../core/view-times.js'
import type { OperatingSystem } from '../core/virtual-machines.js'

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

/** Times in milliseconds since 1970. */
export interface Period {
  readonly startTime: number
  readonly endTime: number
}

/**
 * The exit codes of failures before a script runs (documented: constants/exitcodes.go of the handler). azrun uses
 * `notExecuted` for everything that keeps it from running a script.
 */
export const exitCodes = {
  downloadFailed: -100,
  blobNotCreated: -101,
  userNotFound: -102,
  noSource: -202,
  notExecuted: -204
} as const

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

/** The view of a running script (recorded: azure-cli #28172). The handler shows the output so far; azrun does not. */
export function runningView (osType: OperatingSystem, startTime: number): RunCommandInstanceView {
  return {
    exitCode: 0,
    executionState: 'Running',
    executionMessage: 'Execution in progress',
    output: '',
    error: '',
    startTime: timeText[osType](startTime)
  }
}

export function endedView (osType: OperatingSystem, outcome: ManagedOutcome, period: Period): RunCommandInstanceView {
  const { exitCode, executionState, message, output: { stdout, stderr } } = outcome
  const text = timeText[osType]
  const times = { startTime: text(period.startTime), endTime: text(period.endTime) }
  if (osType === 'Linux') {
    return { exitCode, executionState, executionMessage: message, output: stdout, error: stderr, ...times }
  }
  // Empty members are left out (recorded: net_managed_vm_windows_2021-11-01; inferred for a failing script).
  const error = windowsText(stderr)
  return {
    exitCode,
    executionState,
    ...executionState !== 'Succeeded' && { executionMessage: message },
    output: windowsText(stdout),
    ...error !== '' && { error },
    ...times
  }
}

function windowsText (text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/\n$/, '')
}

/** Whole seconds on Linux, ticks of 100 ns on Windows, here only to the millisecond (both recorded). */
const timeText: Readonly<Record<OperatingSystem, (ms: number) => string>> = { Linux: agentTime, Windows: serviceTime }
