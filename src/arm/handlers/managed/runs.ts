import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { FastifyRequest } from 'fastify'
import { then, type MaybePromise } from '../../../core/maybe-promise.js'
import type { RecordKey } from '../../../core/store.js'
import { timeLimitOf } from '../../../guest/extension-errors.js'
import type { Operation } from '../../../operations/operation.js'
import { beginningOf } from '../../../operations/recent-runs.js'
import { ScriptRun } from '../../../operations/script-run.js'
import { runCommandKey, type ManagedRunCommand } from '../../../resources/managed-run-command.js'
import { machineName, type VirtualMachine } from '../../../resources/virtual-machines.js'
import { idleInDeletion, idleInGuest, idleInWrite } from '../../effects/idle.js'
import { createResourceFinder } from '../../resources/finder.js'
import type { Services } from '../handler-types.js'
import { logOperation } from '../operation-log.js'
import type { StartOperation, Undertaking } from '../start-operation.js'
import type { AskedFor } from './body.js'
import { createManagedExecution, deploymentFailure, type Begun } from './execution.js'
import { scriptOf, sourceFor } from './source.js'

/** A run to start. */
export interface ManagedRun {
  readonly written: ManagedRunCommand
  readonly asked: AskedFor
  /** The command before this run, if it is not new. */
  readonly before?: ManagedRunCommand | undefined
  /** Whether an earlier run of the command was ended for this one. */
  readonly wasRunning: boolean
}

/** Starts the operations of managed run commands. */
export function createManagedRuns (services: Services, startOperation: StartOperation) {
  const { clock, documents, log, operations, recentRuns, runCommands, turns } = services
  const { run, cut } = createManagedExecution(services)
  const { exists } = createResourceFinder(services)
  return { start, keep, remove }

  /** Stores the command, starts its run, and returns the command in its new state. */
  async function start (request: FastifyRequest, { written, asked, before, wasRunning }: ManagedRun):
  Promise<[operation: Operation, started: ManagedRunCommand]> {
    const { vm, effects, named, method } = request
    const record = { ...written, runId: randomUUID() }
    const result = effects?.guest
    const script = { ...scriptOf(record, asked, sourceFor(vm, asked, documents)), result }
    const scriptRun = new ScriptRun()
    const isCancellation = record.settings.source.script?.trim() === '' && wasRunning
    const askedAt = clock.now().getTime()
    const machineExists = () => exists({ named, method })
    const begun = { vm, record, script, scriptRun, askedAt, isCancellation, machineExists }
    const isAsync = record.settings.asyncExecution === true
    const scriptTurns = result === undefined ? turns : undefined
    let asynchronous: Promise<Operation> | undefined
    const isIdle = isCancellation ? idleInGuest(effects, 'a blank script only cancels the run before it') : []
    const operation = await startKept(request, record, before, {
      idle: [...idleInWrite(effects), ...isIdle],
      timeout: timeLimitOf(script.name),
      scriptRun,
      turns: isAsync ? undefined : scriptTurns,
      run (context) {
        if (!isAsync) return run(begun, context)
        asynchronous = runBeside(request, begun, scriptTurns)
        return {}
      },
      ended: operation => then(cut(begun, operation), () => changed(vm, record, provisioned(operation)))
    })
    if (isAsync) logBoth(request, operation, scriptRun, () => asynchronous)
    const { commandId, script: text = '' } = script
    recentRuns.add({
      operation, vmId: vm.id, commandId, runCommandName: record.name, script: beginningOf([text]), scriptRun
    })
    return [operation, record]
  }

  /** Writes a command without running it again, whether it runs, has ended or is being deleted. */
  async function keep (request: FastifyRequest, existing: ManagedRunCommand, tags: ManagedRunCommand['tags']):
  Promise<[operation: Operation, shown: ManagedRunCommand]> {
    const { vm } = request
    const { provisioningState } = existing
    const isBusy = isInProgress(existing)
    const updating = { tags, ...!isBusy && { provisioningState: 'Updating' } as const }
    // Changes the stored record and not the one that was read, because a run may have ended since.
    await runCommands.change(vm, existing, updating)
    const operation = await startOperation(request, {
      ...placeOf(request, existing),
      claim: beside(vm, existing),
      idle: [...idleInWrite(request.effects), ...idleInGuest(request.effects, 'the request does not run the script again')],
      run () {
        // Inferred: this repeats the result of the last run.
        if (provisioningState !== 'Failed') return {}
        throw deploymentFailure(existing.name, vm.osType, existing.instanceView?.executionMessage)
      },
      ended: () => isBusy ? undefined : changed(vm, existing, { provisioningState })
    })
    return [operation, { ...existing, tags, provisioningState: 'Updating' }]
  }

  /** Deletes a command that does not run. If it is already being deleted, the first operation to end deletes it. */
  async function remove (request: FastifyRequest, existing: ManagedRunCommand): Promise<Operation> {
    const { vm } = request
    const deleting: ManagedRunCommand = isBeingDeleted(existing)
      ? existing
      : { ...existing, runId: randomUUID(), provisioningState: 'Deleting' }
    return await startKept(request, deleting, existing, {
      ...isBeingDeleted(existing) && { claim: beside(vm, existing) },
      idle: idleInDeletion(request.effects),
      run: () => ({}),
      ended: ({ status }) => status === 'Succeeded'
        ? runCommands.deleteRun(vm, deleting)
        : changed(vm, deleting, { provisioningState: 'Failed' })
    })
  }

  /** Stores the command and starts an operation on it. Restores the command if the operation does not start. */
  async function startKept (request: FastifyRequest, record: ManagedRunCommand, before: ManagedRunCommand | undefined,
    undertaking: Omit<Undertaking, 'resourceId' | 'targetName' | 'location'>): Promise<Operation> {
    const { vm } = request
    await runCommands.set(vm, record)
    try {
      return await startOperation(request, { ...placeOf(request, record), ...undertaking })
    } catch (error) {
      await (before === undefined ? runCommands.delete(vm, record.name) : runCommands.set(vm, before))
      throw error
    }
  }

  /** Logs the operation, and later an asynchronous script. Does nothing unless level info is logged. */
  function logBoth (request: FastifyRequest, operation: Operation, scriptRun: ScriptRun,
    script: () => Promise<Operation> | undefined): void {
    if (request.onResponding === undefined) return
    const targetName = machineName(request.vm)
    request.onResponding = status => {
      const ended = operations.settle(operation)
      logOperation(log, request, status, { targetName, ended })
      // The log has the operation of the request, because nobody sees the id of the script's operation.
      const scriptEnded = then(ended, async () => {
        const run = await script()
        return run && { ...await operations.settle(run), id: operation.id }
      })
      logOperation(log, request, 'async', { targetName, scriptRun, ended: scriptEnded })
    }
  }

  /** Runs the script in a separate operation, which nobody polls but which ends like any other. */
  function runBeside (request: FastifyRequest, begun: Begun, turns: Services['turns']): Promise<Operation> {
    const { vm, record } = begun
    const { resourceId, location } = placeOf(request, record)
    const running = async () => await operations.start({
      action: request.operation!.action!,
      resourceId,
      claim: beside(vm, record),
      location,
      plan: { delay: 0 },
      turns,
      run: context => run(begun, context),
      ended: operation => cut(begun, operation)
    })
    // Nobody waits for it. If the store fails, the requests that need it report that.
    const started = running()
    started.catch(() => {})
    return started
  }

  function changed (...change: Parameters<typeof runCommands.change>): MaybePromise<void> {
    return then(runCommands.change(...change), () => {})
  }
}

/** Whether a PUT changes nothing, so that the script does not run again. */
export function isSame (existing: ManagedRunCommand, written: ManagedRunCommand): boolean {
  return existing.fingerprint === written.fingerprint && isDeepStrictEqual(existing.settings, written.settings)
}

export function isBeingDeleted ({ provisioningState }: ManagedRunCommand): boolean {
  return provisioningState === 'Deleting'
}

/** Whether an operation in progress will set the state. */
function isInProgress ({ provisioningState }: ManagedRunCommand): boolean {
  return provisioningState === 'Creating' || provisioningState === 'Updating' || provisioningState === 'Deleting'
}

function provisioned ({ status }: Operation): Pick<ManagedRunCommand, 'provisioningState'> {
  return { provisioningState: status === 'InProgress' ? 'Updating' : status }
}

/** The resource of an operation on the command. Its path has the name as sent. */
function placeOf ({ vm, resourceId }: FastifyRequest,
  { location }: ManagedRunCommand): Pick<Undertaking, 'resourceId' | 'targetName' | 'location'> {
  const id = { ...resourceId!, ...runCommandKey(vm, resourceId!.name) }
  return { resourceId: id, targetName: machineName(vm), location }
}

/** The claim of an operation that runs concurrently with another one on the command. */
function beside (vm: VirtualMachine, { name }: ManagedRunCommand): RecordKey {
  return { ...runCommandKey(vm, name), nameKey: randomUUID() }
}
