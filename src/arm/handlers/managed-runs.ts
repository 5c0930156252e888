import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyRequest } from 'fastify'
import type { RunContext } from '../../core/cancellation.js'
import { runCommandKey, type ManagedRunCommand } from '../../core/managed-run-commands.js'
import { isPromise, then, type MaybePromise } from '../../core/maybe-promise.js'
import { OperationError, type Operation } from '../../core/operation.js'
import { beginningOf } from '../../core/recent-runs.js'
import type { ResourceId } from '../../core/resource-id.js'
import { machineName, type OperatingSystem, type VirtualMachine } from '../../core/virtual-machines.js'
import { canceled, endedView, executionMessage, failed, runningView, type ManagedOutcome } from '../../guest/managed-outcome.js'
import type { ManagedScript } from '../../guest/managed-script.js'
import type { AskedFor } from './managed-body.js'
import { sourceFor } from './managed-checks.js'
import type { Services } from './handler-types.js'
import { logRunCommand } from './run-command-log.js'
import { notedOperation, type StartedOperation, type StartOperation } from './start-operation.js'

/** What is to run. */
export interface ManagedRun {
  readonly written: ManagedRunCommand
  readonly asked: AskedFor
  /** Whether an earlier run of the command was ended for this one. */
  readonly wasRunning: boolean
  readonly status: 200 | 201
}

/** A run on its way. */
interface Begun {
  readonly vm: VirtualMachine
  readonly record: ManagedRunCommand
  readonly script: ManagedScript
  readonly noted: StartedOperation
  /** When it was asked for, in milliseconds since 1970. */
  readonly askedAt: number
  /** Whether it is a blank script, which ended an earlier run. */
  readonly isCancellation: boolean
}

/** Milliseconds after which the handler reports again what a script does (documented: run-command-handler-linux). */
const REFRESH = 15_000

/** Milliseconds that the service waits for the end of a script (documented: azure-docs run-command.md). */
const TIME_LIMIT = 90 * 60 * 1000

/** Starts the operations of managed run commands. */
export function createManagedRuns (services: Services, startOperation: StartOperation) {
  const { clock, documents, log, managedHandler, operations, recentRuns, runCommands, settings, turns } = services
  const now = () => clock.now().getTime()
  return { start, keep, remove }

  /** Keeps the command and starts its run. The command is returned as it is then. */
  async function start (request: FastifyRequest, { written, asked, wasRunning, status }: ManagedRun):
  Promise<[operation: Operation, started: ManagedRunCommand]> {
    const { vm } = request
    const record = { ...written, runId: randomUUID() }
    const script = scriptOf(request, record, asked)
    const noted = notedOperation(undefined)
    const isBlank = record.settings.source.script?.trim() === ''
    const begun = { vm, record, script, noted, askedAt: now(), isCancellation: isBlank && wasRunning }
    await runCommands.set(vm, record)
    const isAsync = record.settings.asyncExecution === true
    const scriptTurns = script.result === undefined ? turns : undefined
    const operation = await startOperation(request, {
      resourceId: resourceIdOf(request),
      vmName: machineName(vm),
      location: record.location,
      timeout: { ms: TIME_LIMIT, error: () => timedOut(script) },
      noted,
      turns: isAsync ? undefined : scriptTurns,
      run: isAsync ? () => runBeside(request, begun, scriptTurns) : context => run(begun, context),
      ended: operation => then(cut(begun, operation), () => changed(vm, record, provisioned(operation)))
    })
    const commandId = script.commandId
    recentRuns.add({
      operation, vmId: vm.id, commandId, runCommandName: record.name, script: beginningOf([script.script ?? '']), ended: noted
    })
    if (log.isLevelEnabled('info')) {
      const facts = { method: request.method, vm: machineName(vm), command: record.name, status }
      logRunCommand(log, facts, noted, operations.settle(operation))
    }
    return [operation, record]
  }

  /** Writes a command that does not run again, whether it runs or has ended. */
  async function keep (request: FastifyRequest, existing: ManagedRunCommand, tags: ManagedRunCommand['tags']):
  Promise<[operation: Operation, shown: ManagedRunCommand]> {
    const { vm } = request
    const { tags: former, ...untagged } = existing
    const { provisioningState } = existing
    const isBusy = isInProgress(existing)
    const kept: ManagedRunCommand = { ...untagged, ...tags !== undefined && { tags } }
    const updating: ManagedRunCommand = { ...kept, provisioningState: 'Updating' }
    await runCommands.set(vm, isBusy ? kept : updating)
    const operation = await startOperation(request, {
      resourceId: resourceIdOf(request),
      // Beside a run of the command.
      claim: { ...runCommandKey(vm, existing.name), nameKey: randomUUID() },
      vmName: machineName(vm),
      location: existing.location,
      run () {
        // Inferred: what is reported of the last run is reported again.
        if (provisioningState === 'Failed') throw failureOf(existing.name, vm.osType, existing.instanceView?.executionMessage)
        return {}
      },
      ended: () => isBusy ? undefined : changed(vm, existing, { provisioningState })
    })
    return [operation, updating]
  }

  /** Deletes a command that does not run. */
  async function remove (request: FastifyRequest, existing: ManagedRunCommand): Promise<Operation> {
    const { vm } = request
    const deleting: ManagedRunCommand = { ...existing, runId: randomUUID(), provisioningState: 'Deleting' }
    await runCommands.set(vm, deleting)
    return await startOperation(request, {
      resourceId: resourceIdOf(request),
      vmName: machineName(vm),
      location: existing.location,
      run: () => ({}),
      ended: ({ status }) => status === 'Succeeded'
        ? runCommands.delete(vm, existing.name)
        : changed(vm, deleting, { provisioningState: 'Failed' })
    })
  }

  function scriptOf ({ vm, effects }: FastifyRequest, record: ManagedRunCommand, asked: AskedFor): ManagedScript {
    const { name, sequence, settings } = record
    const { osType, document } = sourceFor(vm, asked, documents)
    const { source, parameters = [], runAsUser: user, timeoutInSeconds = 0, outputBlobUri, errorBlobUri } = settings
    return {
      outputBlobUri,
      errorBlobUri,
      scriptUri: source.scriptUri,
      ...asked.protected,
      osType,
      name,
      sequence,
      commandId: document?.id ?? ANY_SCRIPT[osType],
      script: document?.script.join('\n') ?? (source.script === '' ? undefined : source.script),
      parameters: [...parameters, ...asked.protected.parameters],
      user,
      timeoutInSeconds,
      result: effects?.guest
    }
  }

  /** Runs the script in an operation of its own, which nobody polls: it ends as every other one does. */
  function runBeside (request: FastifyRequest, begun: Begun, turns: Services['turns']): object {
    const { vm, record } = begun
    const running = async () => await operations.start({
      action: request.operation!.action!,
      resourceId: resourceIdOf(request),
      claim: { ...runCommandKey(vm, record.name), nameKey: randomUUID() },
      location: record.location,
      plan: { delay: 0 },
      turns,
      run: context => run(begun, context),
      ended: operation => cut(begun, operation)
    })
    // Nobody waits for it: if the store fails, the requests that need it say so.
    running().catch(() => {})
    return {}
  }

  function run (begun: Begun, context: RunContext): MaybePromise<object> {
    const { vm, record, script, noted, askedAt, isCancellation } = begun
    const startTime = now()
    noted.queuedMs = turns === undefined ? 0 : startTime - askedAt
    return then(runCommands.change(vm, record, { instanceView: runningView(script.osType, startTime) }), isKept => {
      if (!isKept) throw new OperationError('OperationCanceled', 'The run command is gone.', { status: 'Canceled' })
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
          if (isFailure) throw failureOf(record.name, script.osType, executionMessage(outcome))
          return {}
        })
      })
    })
  }

  /** At `--pace azure` the end of a script that nobody waits for is seen when the handler reports next. */
  function showEnd ({ vm, record, script }: Begun, outcome: ManagedOutcome,
    { startTime, endTime }: { readonly startTime: number, readonly endTime: number }): MaybePromise<void> {
    const instanceView = endedView(script.osType, outcome, { startTime, endTime })
    const isReported = settings.pace === 'azure' && record.settings.asyncExecution === true
    if (!isReported) return changed(vm, record, { instanceView })
    const from = startTime + Math.ceil((endTime - startTime + 1) / REFRESH) * REFRESH
    return changed(vm, record, { instanceView, until: { time: from, view: runningView(script.osType, startTime) } })
  }

  function changed (...change: Parameters<typeof runCommands.change>): MaybePromise<void> {
    return then(runCommands.change(...change), () => {})
  }

  /** Shows that a script was cut, if its operation has ended before it. */
  function cut ({ vm, record, script }: Begun, operation: Operation): MaybePromise<void> {
    if (operation.status === 'InProgress' || operation.status === 'Succeeded') return undefined
    const { error: { message }, startTime, endTime } = operation
    return then(runCommands.get(vm, record.name), current => {
      const isRunning = current !== undefined && current.runId === record.runId && current.instanceView?.executionState === 'Running'
      // Inferred: no capture shows a run that was cut.
      const instanceView = endedView(script.osType, failed(-1, message), { startTime, endTime })
      return isRunning ? changed(vm, record, { instanceView }) : undefined
    })
  }
}

/** The built-in command that takes any script. */
const ANY_SCRIPT: Readonly<Record<OperatingSystem, string>> = { Linux: 'RunShellScript', Windows: 'RunPowerShellScript' }

/** Whether a command that is put again is the one that is there: then its script does not run again. */
export function isSame (existing: ManagedRunCommand, written: ManagedRunCommand): boolean {
  return existing.fingerprint === written.fingerprint && isDeepStrictEqual(existing.settings, written.settings)
}

function isInProgress ({ provisioningState }: ManagedRunCommand): boolean {
  return provisioningState === 'Creating' || provisioningState === 'Updating'
}

function provisioned ({ status }: Operation): Pick<ManagedRunCommand, 'provisioningState'> {
  return { provisioningState: status === 'InProgress' ? 'Updating' : status }
}

/** The name is in its path as it was sent. */
function resourceIdOf ({ vm, resourceId }: FastifyRequest): ResourceId {
  return { ...resourceId!, ...runCommandKey(vm, resourceId!.name) }
}

/** The pattern is that of another failure of the handler (recorded: tests of WALinuxAgent); its use is inferred. */
function failureOf (name: string, osType: OperatingSystem = 'Linux', message = 'Execution failed'): OperationError {
  return new OperationError('VMExtensionProvisioningError', `VM has reported a failure when processing extension '${name}' ` +
    `(publisher 'Microsoft.CPlat.Core' and type 'RunCommandHandler${osType}'). Error message: '${message}'.`)
}

/** The sentence is recorded of the action (azure-sdk-for-python #4369). */
function timedOut ({ name }: ManagedScript): OperationError {
  return new OperationError('VMExtensionProvisioningTimeout', `Provisioning of VM extension '${name}' has timed out. ` +
    'Extension installation may be taking too long, or extension status could not be obtained.')
}
