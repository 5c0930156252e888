import { InOrder } from '../../../core/in-order.js'
import { pathKeyOf } from '../../../core/resource-id.js'
import { preemption, type Operation } from '../../../operations/operation.js'
import { MAX_RUN_COMMANDS, runCommandKey, type ManagedRunCommand } from '../../../resources/managed-run-command.js'
import { machineIdOf, placeOf, type VirtualMachine } from '../../../resources/virtual-machines.js'
import { createIdleWarnings, idleInNothing } from '../../effects/idle.js'
import { ArmError } from '../../errors/arm-error.js'
import type { OperationResponses } from '../../operations/response.js'
import { resourceNotFound } from '../../resources/finder.js'
import { requireTags } from '../../resources/tags.js'
import { gatewayJson, serviceJson, type ArmResponse } from '../../responses/arm-response.js'
import { indented } from '../../responses/json-text.js'
import { isInstanceView } from '../expand.js'
import type { ArmRequest, Handlers, Services } from '../handler-types.js'
import { createStart } from '../start-operation.js'
import { askedFor, type AskedFor } from './body.js'
import { requireRunCommandLocation, requireRunCommandName } from './checks.js'
import { runCommandDocument, viewAt } from './document.js'
import { createManagedRuns, isBeingDeleted, isSame } from './runs.js'
import { sourceFor } from './source.js'

/** These requests are for a machine or for an instance of a scale set. */
type Written = ArmRequest<'VirtualMachineRunCommands_CreateOrUpdate' | 'VirtualMachineScaleSetVMRunCommands_CreateOrUpdate'>
type Changed = ArmRequest<'VirtualMachineRunCommands_Update' | 'VirtualMachineScaleSetVMRunCommands_Update'>
type Named = ArmRequest<'VirtualMachineRunCommands_GetByVirtualMachine' | 'VirtualMachineScaleSetVMRunCommands_Get'>
type Listed = ArmRequest<'VirtualMachineRunCommands_ListByVirtualMachine' | 'VirtualMachineScaleSetVMRunCommands_List'>
type Deleted = ArmRequest<'VirtualMachineRunCommands_Delete' | 'VirtualMachineScaleSetVMRunCommands_Delete'>

type ManagedHandlers = Pick<Handlers,
  'VirtualMachineRunCommands_CreateOrUpdate' | 'VirtualMachineRunCommands_Update' | 'VirtualMachineRunCommands_Delete' |
  'VirtualMachineRunCommands_GetByVirtualMachine' | 'VirtualMachineRunCommands_ListByVirtualMachine' |
  'VirtualMachineScaleSetVMRunCommands_CreateOrUpdate' | 'VirtualMachineScaleSetVMRunCommands_Update' |
  'VirtualMachineScaleSetVMRunCommands_Delete' | 'VirtualMachineScaleSetVMRunCommands_Get' |
  'VirtualMachineScaleSetVMRunCommands_List'>

/** Managed run commands of machines and of instances of scale sets: `request.vm` is either. */
export function managedRunCommandHandlers (services: Services, responses: OperationResponses): ManagedHandlers {
  const { clock, machineStates, newId, operations, runCommands } = services
  const runs = createManagedRuns(services, createStart(services))
  const inOrder = new InOrder()
  const warnOfIdle = createIdleWarnings(services.log)
  const write = (request: Written) => inTurn(request, () => put(request))
  const change = (request: Changed) => inTurn(request, () => patch(request))
  const end = (request: Deleted) => inTurn(request, () => remove(request))
  return {
    VirtualMachineRunCommands_CreateOrUpdate: write,
    VirtualMachineRunCommands_Update: change,
    VirtualMachineRunCommands_Delete: end,
    VirtualMachineRunCommands_GetByVirtualMachine: get,
    VirtualMachineRunCommands_ListByVirtualMachine: list,
    VirtualMachineScaleSetVMRunCommands_CreateOrUpdate: write,
    VirtualMachineScaleSetVMRunCommands_Update: change,
    VirtualMachineScaleSetVMRunCommands_Delete: end,
    VirtualMachineScaleSetVMRunCommands_Get: get,
    VirtualMachineScaleSetVMRunCommands_List: list
  }

  /** Handles writes to a machine's run commands one after the other. The runs that they start are concurrent. */
  function inTurn ({ vm }: Pick<Written, 'vm'>, work: () => Promise<ArmResponse>) {
    return inOrder.do(pathKeyOf(vm.id), work)
  }

  async function put (request: Written): Promise<ArmResponse> {
    const { vm, body, params: { runCommandName: name } } = request
    requireTags(body.tags)
    const existing = await runCommands.get(vm, name)
    const location = requireRunCommandLocation(request, existing)
    requireRunCommandName(name)
    const asked = askedFor(body.properties)
    sourceFor(vm, asked, services.documents)
    await requireModifiable(vm)
    if (existing === undefined) await requireRoom(vm)
    const { tags } = body
    const written: ManagedRunCommand = {
      // In Azure's case, whatever the case of the request.
      vmId: existing?.vmId ?? machineIdOf(placeOf(vm)).text,
      name: existing?.name ?? name,
      location,
      ...tags !== undefined && { tags },
      settings: asked.settings,
      ...asked.fingerprint !== undefined && { fingerprint: asked.fingerprint },
      provisioningState: existing === undefined ? 'Creating' : 'Updating',
      sequence: existing === undefined ? 0 : existing.sequence + 1
    }
    if (existing === undefined || isBeingDeleted(existing) || !isSame(existing, written)) {
      return await run(request, written, asked, existing)
    }
    return await keep(request, existing, tags)
  }

  async function patch (request: Changed): Promise<ArmResponse> {
    const { vm, body, params: { runCommandName: name } } = request
    requireTags(body.tags)
    const existing = await found(request, name)
    const { tags = existing.tags, properties } = body
    const asked = askedFor(properties)
    sourceFor(vm, asked, services.documents)
    await requireModifiable(vm)
    // Inferred: a request without properties runs nothing.
    if (properties === undefined) return await keep(request, existing, tags)
    const { instanceView, fingerprint, until, ...others } = existing
    return await run(request, {
      ...others,
      ...tags !== undefined && { tags },
      settings: asked.settings,
      ...asked.fingerprint !== undefined && { fingerprint: asked.fingerprint },
      provisioningState: 'Updating',
      sequence: existing.sequence + 1
    }, asked, existing)
  }

  /** Ends an earlier run of the command and starts this one. */
  async function run (request: Written | Changed, written: ManagedRunCommand, asked: AskedFor,
    existing: ManagedRunCommand | undefined): Promise<ArmResponse> {
    const wasRunning = existing?.instanceView?.executionState === 'Running'
    await endRuns(request)
    const before = await runCommands.get(request.vm, written.name)
    const status = existing === undefined ? 201 : 200
    const [operation, shown] = await runs.start(request, { written, asked, before, wasRunning })
    return accepted(request, operation, shown, status)
  }

  /** Writes a command without running it again. */
  async function keep (request: Written | Changed, existing: ManagedRunCommand,
    tags: ManagedRunCommand['tags']): Promise<ArmResponse> {
    const [operation, shown] = await runs.keep(request, existing, tags)
    return accepted(request, operation, shown, 200)
  }

  async function remove (request: Deleted): Promise<ArmResponse> {
    const { vm, params: { runCommandName: name } } = request
    const existing = await runCommands.get(vm, name)
    // The gateway responds without asking Compute (recorded: net_managed_vm_windows_2021-11-01, exchange 0).
    if (existing === undefined) {
      warnOfIdle(request, idleInNothing(request.effects))
      return { status: 204, layer: 'gateway' }
    }
    await requireModifiable(vm)
    if (!isBeingDeleted(existing)) await endRuns(request)
    // Reads the command again, since its run has changed it.
    const operation = await runs.remove(request, await runCommands.get(vm, name) ?? existing)
    return responses.accepted({ operation, request }, { charge: chargeOf(vm) })
  }

  async function get (request: Named): Promise<ArmResponse> {
    const command = await found(request, request.params.runCommandName)
    return serviceJson(runCommandDocument(command, request.apiVersion, shownView(request, command)))
  }

  /** Since 2024-11-01, an empty list is Resource Manager's own, and names its request of Compute (azure-cli #32305). */
  async function list (request: Listed): Promise<ArmResponse> {
    const commands = await runCommands.list(request.vm)
    if (commands.length === 0 && request.apiVersion >= '2024-11-01') {
      return { ...gatewayJson({ value: [] }), headers: ['x-ms-original-request-ids', newId()] }
    }
    const value = commands.map(command => runCommandDocument(command, request.apiVersion, shownView(request, command)))
    return serviceJson({ value })
  }

  function shownView (request: Named | Listed, command: ManagedRunCommand) {
    return isInstanceView(request.query.$expand) ? viewAt(command, clock.now().getTime()) : undefined
  }

  function accepted (request: Written | Changed, operation: Operation, shown: ManagedRunCommand,
    status: 200 | 201): ArmResponse {
    const body = indented(runCommandDocument(shown, request.apiVersion))
    return responses.accepted({ operation, request }, { charge: chargeOf(request.vm), written: { status, body } })
  }

  async function found ({ vm, resourceId }: Pick<Named, 'vm' | 'resourceId'>, name: string): Promise<ManagedRunCommand> {
    const command = await runCommands.get(vm, name)
    if (command !== undefined) return command
    throw resourceNotFound(resourceId!)
  }

  async function requireModifiable (vm: Written['vm']): Promise<void> {
    const { powerState, transition } = await machineStates.read(vm)
    // Inferred: a machine in transition is busy.
    if (transition !== undefined) throw new ArmError('ConcurrentRequest')
    if (powerState !== 'running') throw new ArmError('ExtensionNotModifiable')
  }

  async function requireRoom (vm: Written['vm']): Promise<void> {
    const { length: current } = await runCommands.list(vm)
    if (current >= MAX_RUN_COMMANDS) throw new ArmError('RunCommandLimitExceeded', { max: MAX_RUN_COMMANDS, current })
  }

  /** Ends the runs of the command in the path, and waits for their end. */
  async function endRuns ({ vm, params: { runCommandName } }: Pick<Deleted, 'vm' | 'params'>): Promise<void> {
    const { collectionKey, nameKey } = runCommandKey(vm, runCommandName)
    await operations.cancel(({ resourceId }) =>
      resourceId.nameKey === nameKey && resourceId.collectionKey === collectionKey, preemption())
  }
}

/** Only a change at an instance of a scale set has a charge. */
function chargeOf ({ scaleSet }: VirtualMachine): number | undefined {
  return scaleSet === undefined ? undefined : 1
}
