import type { FastifyRequest } from 'fastify'
import { allOf, then, type MaybePromise } from '../../core/maybe-promise.js'
import { isAtOrBelow, pathKeyOf, type ResourceId } from '../../core/resource-id.js'
import { agentLost } from '../../guest/extension-errors.js'
import { preemption, type Operation } from '../../operations/operation.js'
import type { OperationFilter } from '../../operations/operations.js'
import type { MachineCondition } from '../../resources/machine-states.js'
import { isDone, powerActions, type PowerAction } from '../../resources/power-actions.js'
import { machineName, type VirtualMachine } from '../../resources/virtual-machines.js'
import { idleInAction } from '../effects/idle.js'
import { ArmError } from '../errors/arm-error.js'
import type { Services } from './handler-types.js'
import { powerTimeout } from './power-timeouts.js'
import { createStart } from './start-operation.js'

/** The target of a power action. */
export interface PowerTarget {
  /** The machine, or the scale set of the machines. */
  readonly resourceId: ResourceId
  readonly location: string
  /** Its name in the log. */
  readonly name: string
  readonly machines: readonly VirtualMachine[]
  /** Whether to skip machines that cannot be changed (inferred). Default: Azure refuses the request. */
  readonly isLenient?: boolean
  /** Only for a deallocation. Default: false. */
  readonly isHibernated?: boolean
}

export type ChangePower = (request: FastifyRequest, action: PowerAction, target: PowerTarget) => MaybePromise<Operation>

/** Returns a function that starts power operations. It throws if Azure refuses the action in a machine's state. */
export function createPowerChanges (services: Services): ChangePower {
  const { machineStates, operations } = services
  const startOperation = createStart(services)
  return (request, action, target) => {
    const { machines, isLenient = false } = target
    return then(allOf(machines.map(vm => machineStates.read(vm))), conditions => {
      const refusals = machines.map((vm, index) => refusalOf(vm, action, conditions[index]!))
      const refusal = refusals.find(each => each !== undefined)
      if (refusal !== undefined && !isLenient) throw refusal
      const isConcerned = (index: number) => refusals[index] === undefined && !isDone(action, conditions[index]!)
      const concerned = machines.filter((_, index) => isConcerned(index))
      const changing = machines.filter((_, index) => isConcerned(index) && conditions[index]!.transition !== undefined)
      const preempted = changing.length > 0 ? operations.cancel(changesPowerOf(changing), preemption()) : undefined
      return then(preempted, () => start(request, action, { ...target, machines: concerned }))
    })
  }

  function start (request: FastifyRequest, action: PowerAction, target: PowerTarget): MaybePromise<Operation> {
    const { resourceId, location, name, machines } = target
    return startOperation(request, {
      resourceId,
      // Only one power operation at a time. Run commands claim the machine itself, so they do not conflict.
      claim: { collectionKey: pathKeyOf(resourceId), nameKey: 'power' },
      changes: machines.map(({ id }) => id),
      targetName: name,
      location,
      idle: idleInAction(request.effects),
      timeout: powerTimeout(action, machines.length === 0 ? name : machineName(machines[0]!)),
      ...machines.length === 0 && { delay: 0 },
      run: () => {
        const begun = change(machines, before => ({ ...before, transition: action.transition }))
        return then(then(begun, () => action.cutsOff ? cutOff(machines) : undefined), () => ({}))
      },
      ended: operation => change(machines, before => changed(before, action, operation, target))
    })
  }

  function change (machines: readonly VirtualMachine[],
    to: (before: MachineCondition) => MachineCondition): MaybePromise<void> {
    const changes = machines.map(vm => then(machineStates.read(vm), before => machineStates.change(vm, to(before))))
    return then(allOf(changes), () => {})
  }

  /** Ends the scripts in the machines. */
  function cutOff (machines: readonly VirtualMachine[]): MaybePromise<void> {
    return then(allOf(machines.map(vm => operations.cancel(runsIn(vm), agentLost(machineName(vm))))), () => {})
  }
}

/** The condition of a machine after the operation; unchanged if that failed. */
function changed ({ transition, ...before }: MachineCondition, { verb, endsAs }: PowerAction, operation: Operation,
  { isHibernated = false }: PowerTarget): MachineCondition {
  // Inferred: each action counts one. Recorded: etags from 2 to 7, azcli_power_vm_2024-07-01.
  const condition = { ...before, etag: before.etag + 1 }
  if (operation.status !== 'Succeeded') return condition
  const changedAt = operation.endTime
  // A start of a stopped machine restores its agent's earlier report (recorded: azcli_power_vm_2024-07-01).
  const isBooted = endsAs === 'running' && !(verb === 'start' && before.powerState === 'stopped')
  return {
    ...condition,
    powerState: endsAs,
    isHibernated: isHibernated || undefined,
    changedAt,
    ...isBooted && { agentAt: changedAt },
    ...endsAs === 'deallocated' && { disksAt: changedAt }
  }
}

/**
 * Why Azure refuses an action (recorded: terraform-provider-azurerm #28218, cloudypad #69; for redeploy and where an
 * action preempts another: inferred).
 */
function refusalOf (vm: VirtualMachine, { verb, preempts }: PowerAction,
  { powerState, transition }: MachineCondition): ArmError | undefined {
  const vmName = machineName(vm)
  const isDeallocated = powerState === 'deallocated' ? transition === undefined : transition === 'deallocating'
  if (verb === 'powerOff' && isDeallocated) return new ArmError('VirtualMachineDeallocated', { operation: verb, vmName })
  if (transition !== undefined && !preempts.includes(transition)) {
    return new ArmError('PowerStateChanging', { vmName, powerState: AFTER[transition], operation: verb })
  }
  const needsRunning = verb === 'restart' || verb === 'redeploy'
  return needsRunning && powerState !== 'running' ? new ArmError('OperationNotAllowed') : undefined
}

/** The states after transitions. Azure's names for them are not known. */
const AFTER = { starting: 'running', restarting: 'running', stopping: 'stopped', deallocating: 'deallocated' } as const

/** Selects the scripts that run in a machine. */
function runsIn ({ id }: VirtualMachine): OperationFilter {
  return ({ resourceId, action }) => isAtOrBelow(resourceId, id) && /\/runCommands?\/(?:action|write)$/.test(action)
}

/** Selects the power operations that change one of the machines, on itself or on its scale set. */
function changesPowerOf (machines: readonly VirtualMachine[]): OperationFilter {
  const verbs = Object.keys(powerActions).map(verb => `/${verb}/action`.toLowerCase())
  const keys = new Set(machines.map(({ id }) => pathKeyOf(id)))
  return ({ action, changes = [] }) => verbs.some(verb => action.toLowerCase().endsWith(verb)) &&
    changes.some(changed => keys.has(pathKeyOf(changed)))
}
