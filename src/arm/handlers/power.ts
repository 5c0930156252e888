import { then, type MaybePromise } from '../../core/maybe-promise.js'
import type { MachineCondition } from '../../core/machine-states.js'
import { OperationError, type Operation } from '../../core/operation.js'
import type { OperationStart } from '../../core/operations.js'
import { isDone, powerActions, type PowerAction } from '../../core/power-actions.js'
import { isAtOrBelow } from '../../core/resource-id.js'
import type { RecordKey } from '../../core/store.js'
import { machineName, type VirtualMachine } from '../../core/virtual-machines.js'
import { agentLost } from '../../guest/agent.js'
import { ArmError } from '../errors.js'
import type { AcceptedForm, OperationResponses } from '../operation-response.js'
import { rateLimits } from '../rate-limits.js'
import type { ArmResponse } from '../response-headers.js'
import type { ArmRequest, Handlers, Services } from './handler-types.js'
import { createResponder } from './operation-responder.js'
import { createStart } from './start-operation.js'

type PowerHandlers = Pick<Handlers, 'VirtualMachines_Start' | 'VirtualMachines_Restart' | 'VirtualMachines_Redeploy' |
  'VirtualMachines_PowerOff' | 'VirtualMachines_Deallocate'>

/** The power of a machine, and what goes with it. */
export function powerHandlers (services: Services, responses: OperationResponses): PowerHandlers {
  const { machineStates, operations } = services
  const startOperation = createStart(services)
  const respondWith = createResponder(services, responses)
  const updating = { rateLimit: rateLimits.runCommand }
  const deleting = { rateLimit: rateLimits.deleteVirtualMachine }
  return {
    VirtualMachines_Start: request => perform(request, powerActions.start, updating),
    VirtualMachines_Restart: request => perform(request, powerActions.restart, updating),
    VirtualMachines_Redeploy: request => perform(request, powerActions.redeploy, updating),
    VirtualMachines_PowerOff: request => perform(request, powerActions.powerOff, updating),
    VirtualMachines_Deallocate: request =>
      perform(request, powerActions.deallocate, deleting, isTrue(request.query.hibernate))
  }

  function perform (request: ArmRequest<keyof PowerHandlers>, action: PowerAction, form: AcceptedForm,
    isHibernated = false): MaybePromise<ArmResponse> {
    const { vm } = request
    return then(machineStates.read(vm), condition => {
      requirePossible(vm, action, condition)
      const { transition } = condition
      const preempted = transition === undefined ? undefined : operations.cancel(isPowerOf(vm), preemption())
      const started = then(preempted, () => start(request, action, { isDone: isDone(action, condition), isHibernated }))
      return then(started, operation => respondWith(request, operation, form))
    })
  }

  function start (request: ArmRequest<keyof PowerHandlers>, action: PowerAction,
    { isDone, isHibernated }: { readonly isDone: boolean, readonly isHibernated: boolean }): MaybePromise<Operation> {
    const { vm } = request
    const { transition, endsAs, cutsOff } = action
    return startOperation(request, {
      resourceId: vm.id,
      claim: powerClaim(vm),
      vmName: machineName(vm),
      location: vm.location,
      ...isDone && { delay: 0 },
      run: () => {
        if (isDone) return {}
        const begun = then(machineStates.read(vm), before => machineStates.change(vm, { ...before, transition }))
        const cut = then(begun, () => cutsOff ? operations.cancel(runsIn(vm), agentLost(machineName(vm))) : undefined)
        return then(cut, () => ({}))
      },
      ended: operation => {
        if (isDone || operation.status === 'InProgress') return
        const { status, endTime } = operation
        return then(machineStates.read(vm), ({ transition: ended, ...before }) => machineStates.change(vm, {
          ...before,
          ...status === 'Succeeded' && { powerState: endsAs, isHibernated: isHibernated || undefined, changedAt: endTime },
          // Recorded: azcli_power_vm_2024-07-01, exchanges 52, 71 and 75; the agent really reports somewhat later.
          ...status === 'Succeeded' && endsAs === 'running' && { agentAt: endTime },
          ...status === 'Succeeded' && endsAs === 'deallocated' && { disksAt: endTime },
          etag: before.etag + 1
        }))
      }
    })
  }
}

/** Recorded: terraform-provider-azurerm #28218, cloudypad #69. */
function requirePossible (vm: VirtualMachine, { verb, preempts }: PowerAction,
  { powerState, transition }: MachineCondition): void {
  const vmName = machineName(vm)
  const isDeallocated = powerState === 'deallocated' ? transition !== 'starting' : transition === 'deallocating'
  if (verb === 'powerOff' && isDeallocated) throw new ArmError('VirtualMachineDeallocated', { operation: verb, vmName })
  if (transition !== undefined && !preempts.includes(transition)) {
    throw new ArmError('PowerStateChanging', { vmName, powerState: AFTER[transition], operation: verb })
  }
  if ((verb === 'restart' || verb === 'redeploy') && powerState !== 'running') throw new ArmError('OperationNotAllowed')
}

/** What a machine in transition will be. Azure's names for it are not known. */
const AFTER = {
  starting: 'running', restarting: 'running', stopping: 'stopped', deallocating: 'deallocated', deleting: 'deleted'
} as const

/** One change of power at a time, beside the run command that the machine itself is claimed for. */
function powerClaim ({ id: { collectionKey, nameKey } }: VirtualMachine): RecordKey {
  return { collectionKey: `${collectionKey}/${nameKey}`, nameKey: 'power' }
}

/** Scripts that run in the machine. */
function runsIn ({ id }: VirtualMachine): (start: Pick<OperationStart, 'resourceId' | 'action'>) => boolean {
  return ({ resourceId, action }) => isAtOrBelow(resourceId, id) && /\/runCommands?\/(?:action|write)$/.test(action)
}

function isPowerOf ({ id }: VirtualMachine): (start: Pick<OperationStart, 'resourceId' | 'action'>) => boolean {
  const actions = Object.keys(powerActions).map(verb => `${id.type}/${verb}/action`)
  return ({ resourceId, action }) => isAtOrBelow(resourceId, id) && actions.includes(action)
}

/** Recorded: azure-sdk-for-python #5167. */
function preemption (): OperationError {
  return new OperationError('OperationPreempted', 'Operation execution has been preempted by a more recent operation.')
}

function isTrue (value: unknown): boolean {
  return `${value}`.toLowerCase() === 'true'
}
