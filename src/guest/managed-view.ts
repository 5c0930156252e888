import type { RunCommandInstanceView } from '../resources/managed-run-command.js'
import type { OperatingSystem } from '../resources/virtual-machines.js'
import { agentTime, serviceTime } from '../time/view-times.js'
import type { ManagedOutcome } from './managed-outcome.js'

/** Times in milliseconds since 1970. */
export interface Period {
  readonly startTime: number
  readonly endTime: number
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

/** The view of a script that has ended. */
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

/** Whole seconds on Linux, ticks of 100 ns on Windows (both recorded). */
const timeText: Readonly<Record<OperatingSystem, (ms: number) => string>> = { Linux: agentTime, Windows: serviceTime }
