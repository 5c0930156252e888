import type { MachineCondition, Transition } from '../../resources/machine-states.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { agentTime, serviceTime } from '../../time/view-times.js'
import type { ResponseForm } from '../responses/form.js'
import { computerNameOf, imageOf } from './image.js'
import { belongingsOf } from './names.js'
import { CREATION } from './times.js'

const SUCCEEDED = { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' } as const

/** The power states during transitions (documented: states and billing). A restarting machine is still running. */
const CHANGING: Readonly<Record<Transition, string>> = {
  starting: 'starting', restarting: 'running', stopping: 'stopping', deallocating: 'deallocating'
}

/**
 * The instance view of a machine, in the order of the service (recorded: azcli_power_vm_2024-07-01, exchanges 33, 52
 * and 75; java_power_vm). For a deallocated machine, the system and the agent are unknown.
 */
export function instanceViewOf (vm: VirtualMachine, condition: MachineCondition, form: ResponseForm) {
  const { osName, osVersion } = imageOf(vm)
  const isDeallocated = condition.powerState === 'deallocated'
  return {
    ...!isDeallocated && { computerName: computerNameOf(vm), osName, osVersion, vmAgent: agentOf(vm, condition, form) },
    disks: disksOf(vm, condition),
    hyperVGeneration: 'V1',
    statuses: statusesOf(condition)
  }
}

/** The disks of a machine, with the time when they were attached or, for a deallocated machine, released. */
function disksOf (vm: VirtualMachine, { disksAt }: MachineCondition) {
  const time = disksAt === undefined ? CREATION.disks : serviceTime(disksAt)
  return [{ name: belongingsOf(vm).osDisk.name, statuses: [{ ...SUCCEEDED, time }] }]
}

/** The agent of a machine. It has an empty list of handlers, except in the older form. */
function agentOf (vm: VirtualMachine, { agentAt }: MachineCondition, form: ResponseForm) {
  const { agentVersion, agentMessage } = imageOf(vm)
  const time = agentAt === undefined ? CREATION.agent : agentTime(agentAt)
  return {
    vmAgentVersion: agentVersion,
    statuses: [{ code: SUCCEEDED.code, level: 'Info', displayStatus: 'Ready', message: agentMessage, time }],
    ...form === 'current' && { extensionHandlers: [] }
  }
}

/** Provisioning, then power, then hibernation (recorded). Some clients find the power state by its place. */
function statusesOf (condition: MachineCondition) {
  const { powerState, transition, isHibernated = false } = condition
  const power = transition === undefined ? powerState : CHANGING[transition]
  return [
    provisioningOf(condition),
    { code: `PowerState/${power}`, level: 'Info', displayStatus: `VM ${power}` },
    ...isHibernated ? [{ code: 'HibernationState/Hibernated', level: 'Info', displayStatus: 'VM hibernated' }] : []
  ]
}

/** The provisioning status. It has a time only once it is done. */
function provisioningOf ({ transition, changedAt }: MachineCondition) {
  if (transition === undefined) {
    return { ...SUCCEEDED, time: changedAt === undefined ? CREATION.provisioned : serviceTime(changedAt) }
  }
  return { code: 'ProvisioningState/updating', level: 'Info', displayStatus: 'Updating' }
}

/** The provisioning state in the properties of a machine. */
export function provisioningStateOf ({ transition }: Pick<MachineCondition, 'transition'>) {
  return transition === undefined ? 'Succeeded' : 'Updating'
}
