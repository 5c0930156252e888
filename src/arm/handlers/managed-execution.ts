import type { RunContext } from '../../core/cancellation.js'
import type { ManagedRunCommand } from '../../core/managed-run-commands.js'
import { isPromise, then, type MaybePromise } from '../../core/maybe-promise.js'
import { OperationError, type Operation } from '../../core/operation.js'
import { machineName, type OperatingSystem, type VirtualMachine } from '../../core/virtual-machines.js'
import { agentLost } from '../../guest/agent.js'
import { canceled, endedView, failed, runningView, type ManagedOutcome, type Period } from '../../guest/managed-outcome.js'
import type { ManagedScript } from '../../guest/managed-script.js'
import type { Services } from './handler-types.js'
import type { StartedOperation } from './start-operation.js'

/** A run on its way. */
export interface Begun {
  readonly vm: VirtualMachine
  readonly record: ManagedRunCommand
  readonly script: ManagedScript
  readonly noted: StartedOperation
  /** When it was asked for, in milliseconds since 1970. */
  readonly askedAt: number
  /** Whether it is a blank script, which ended an earlier run. */
  readonly isCancellation: boolean
  /** Throws once the machine is no longer there, or is about to go. */
  requireMachine (): void
}

/** Milliseconds after which the handler reports again what a script does (documented: run-command-handler-linux). */
const REFRESH = 15_000

/** What the operation of a managed run command does: it runs the script, and keeps what is to be seen of that. */
export function createManagedExecution (services: Services) {
  const { clock, machineStates, managedHandler, runCommands, settings, turns } = services
  const now = () => clock.now().getTime()
  return { run, cut }

  function run (begun: Begun, context: RunContext): MaybePromise<object> {
    const { vm, record, script, noted, askedAt } = begun
    const startTime = now()
    noted.queuedMs = turns === undefined ? 0 : startTime - askedAt
    return then(requireRunning(begun), () => {
      const kept = runCommands.change(vm, record, { instanceView: runningView(script.osType, startTime) })
      return then(kept, isKept => {
        if (!isKept) throw gone()
        return execute(begun, context, startTime)
      })
    })
  }

  /** The machine may have gone off or away since the request was let through, and then nothing else ends this run. */
  function requireRunning ({ vm, record, requireMachine }: Begun): MaybePromise<void> {
    try {
      requireMachine()
    } catch {
      return then(runCommands.delete(vm, record.name), () => { throw gone() })
    }
    return then(machineStates.read(vm), ({ powerState, transition }) => {
      if (powerState !== 'running' || transition !== undefined) throw agentLost(machineName(vm))
    })
  }

  function execute (begun: Begun, context: RunContext, startTime: number): MaybePromise<object> {
    const { vm, record, script, noted, isCancellation } = begun
    const running = isCancellation ? canceled() : managedHandler.run(vm, script, context)
    const needsTime = isPromise(running)
    return then(running, outcome => {
      const endTime = now()
      noted.exitCode = outcome.exitCode
      noted.output = outcome.output
      noted.ranMs = needsTime ? endTime - startTime : 0
      noted.onEnd?.()
      return then(showEnd(begun, outcome, { startTime, endTime }), () => {
        if (outcome.error !== undefined) throw new OperationError(outcome.error.code, outcome.error.message)
        const isFailure = outcome.executionState !== 'Succeeded' && record.settings.treatFailureAsDeploymentFailure === true
        if (isFailure) throw deploymentFailure(record.name, script.osType, outcome.message)
        return {}
      })
    })
  }

  /** At `--pace azure` the end of a script that nobody waits for is seen when the handler reports next. */
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

  /** Shows that a script was cut or has not run, if its operation has ended before it. */
  function cut ({ vm, record, script }: Begun, operation: Operation): MaybePromise<void> {
    if (operation.status === 'InProgress' || operation.status === 'Succeeded') return undefined
    const { error: { message }, startTime, endTime } = operation
    return then(runCommands.get(vm, record.name), current => {
      const state = current?.runId === record.runId ? current?.instanceView?.executionState ?? 'Pending' : undefined
      // Inferred: no capture shows a run that was cut.
      const instanceView = endedView(script.osType, failed(-1, message), { startTime, endTime })
      return state === 'Running' || state === 'Pending' ? shown(vm, record, { instanceView }) : undefined
    })
  }
}

/** The pattern is that of another failure of the handler (recorded: tests of WALinuxAgent); its use is inferred. */
export function deploymentFailure (name: string, osType: OperatingSystem = 'Linux',
  message = 'Execution failed'): OperationError {
  return new OperationError('VMExtensionProvisioningError', `VM has reported a failure when processing extension '${name}' ` +
    `(publisher 'Microsoft.CPlat.Core' and type 'RunCommandHandler${osType}'). Error message: '${message}'.`)
}

function gone (): OperationError {
  return new OperationError('OperationCanceled', 'The run command is gone.', { status: 'Canceled' })
}
