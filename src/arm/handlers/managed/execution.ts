import { isPromise, then, type MaybePromise } from '../../../core/maybe-promise.js'
import { agentLost } from '../../../guest/extension-errors.js'
import { canceled, failed, type ManagedOutcome } from '../../../guest/managed-outcome.js'
import type { ManagedScript } from '../../../guest/managed-script.js'
import { endedView, runningView, type Period } from '../../../guest/managed-view.js'
import type { RunContext } from '../../../operations/cancellation.js'
import { OperationError, type Operation } from '../../../operations/operation.js'
import type { ScriptRun } from '../../../operations/script-run.js'
import type { ManagedRunCommand } from '../../../resources/managed-run-command.js'
import { machineName, type OperatingSystem, type VirtualMachine } from '../../../resources/virtual-machines.js'
import type { Services } from '../handler-types.js'

/** A run in progress. */
export interface Begun {
  readonly vm: VirtualMachine
  readonly record: ManagedRunCommand
  readonly script: ManagedScript
  readonly scriptRun: ScriptRun
  /** The time of the request, in milliseconds since 1970. */
  readonly askedAt: number
  /** Whether this is a blank script, which cancels an earlier run. */
  readonly isCancellation: boolean
  /** Whether the machine still exists and is not being deleted. */
  machineExists (): boolean
}

/** The interval of the handler's reports, in milliseconds (documented: run-command-handler-linux). */
const REFRESH = 15_000

/** Creates the run of a managed run command's operation, which runs the script and stores its views. */
export function createManagedExecution (services: Services) {
  const { clock, machineStates, managedHandler, runCommands, settings, turns } = services
  const now = () => clock.now().getTime()
  return { run, cut }

  function run (begun: Begun, context: RunContext): MaybePromise<object> {
    const { vm, record, script, scriptRun, askedAt } = begun
    const startTime = now()
    scriptRun.queuedMs = turns === undefined ? 0 : startTime - askedAt
    return then(requireRunning(begun), () => {
      const kept = runCommands.change(vm, record, { instanceView: runningView(script.osType, startTime) })
      return then(kept, isKept => {
        if (!isKept) throw gone()
        return execute(begun, context, startTime)
      })
    })
  }

  /** Checks the machine again: it may have stopped since the request was accepted, and nothing else ends the run. */
  function requireRunning ({ vm, record, machineExists }: Begun): MaybePromise<void> {
    if (!machineExists()) return then(runCommands.delete(vm, record.name), () => { throw gone() })
    return then(machineStates.read(vm), ({ powerState, transition }) => {
      if (powerState !== 'running' || transition !== undefined) throw agentLost(machineName(vm))
    })
  }

  function execute (begun: Begun, context: RunContext, startTime: number): MaybePromise<object> {
    const { vm, record, script, scriptRun, isCancellation } = begun
    const running = isCancellation ? canceled() : managedHandler.run(vm, script, context)
    const needsTime = isPromise(running)
    return then(running, outcome => {
      const endTime = now()
      scriptRun.end(outcome, needsTime ? endTime - startTime : 0)
      return then(showEnd(begun, outcome, { startTime, endTime }), () => {
        if (outcome.error !== undefined) throw new OperationError(outcome.error.code, outcome.error.message)
        const isFailure = outcome.executionState !== 'Succeeded' && record.settings.treatFailureAsDeploymentFailure === true
        if (isFailure) throw deploymentFailure(record.name, script.osType, outcome.message)
        return {}
      })
    })
  }

  /** Stores the end. With `--pace azure`, an asynchronous script's end is visible after the handler's next report. */
  function showEnd ({ vm, record, script }: Begun, outcome: ManagedOutcome, period: Period): MaybePromise<void> {
    const instanceView = endedView(script.osType, outcome, period)
    const isReported = settings.pace === 'azure' && record.settings.asyncExecution === true
    if (!isReported) return shown(vm, record, { instanceView })
    const { startTime, endTime } = period
    const time = startTime + Math.ceil((endTime - startTime + 1) / REFRESH) * REFRESH
    return shown(vm, record, { instanceView, until: { time, view: runningView(script.osType, startTime) } })
  }

  function shown (...change: Parameters<typeof runCommands.change>): MaybePromise<void> {
    return then(runCommands.change(...change), () => {})
  }

  /** Stores that a script was cut off or has not run, if its operation ended before it. */
  function cut ({ vm, record, script }: Begun, operation: Operation): MaybePromise<void> {
    if (operation.status === 'InProgress' || operation.status === 'Succeeded') return undefined
    const { error: { message }, startTime, endTime } = operation
    return then(runCommands.get(vm, record.name), current => {
      const state = current?.runId === record.runId ? current?.instanceView?.executionState ?? 'Pending' : undefined
      // Inferred: no capture has a run that was cut off.
      const instanceView = endedView(script.osType, failed(-1, message), { startTime, endTime })
      return state === 'Running' || state === 'Pending' ? shown(vm, record, { instanceView }) : undefined
    })
  }
}

/** The pattern is from another failure of the handler (recorded: tests of WALinuxAgent). Its use here is inferred. */
export function deploymentFailure (name: string, osType: OperatingSystem = 'Linux',
  message = 'Execution failed'): OperationError {
  return new OperationError('VMExtensionProvisioningError', `VM has reported a failure when processing extension '${name}' ` +
    `(publisher 'Microsoft.CPlat.Core' and type 'RunCommandHandler${osType}'). Error message: '${message}'.`)
}

function gone (): OperationError {
  return new OperationError('OperationCanceled', 'The run command is gone.', { status: 'Canceled' })
}
