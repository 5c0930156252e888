import type { MachineCondition, Transition } from '../../core/machine-states.js'
import type { VirtualMachine } from '../../core/virtual-machines.js'
import type { ResponseForm } from '../response-form.js'
import { computerNameOf, imageOf } from './image.js'
import { belongingsOf } from './names.js'
import { agentTime, CREATION, serviceTime } from './times.js'

const SUCCEEDED = { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' } as const

/** The power states of machines that change (documented: states and billing). A machine that restarts keeps running. */
const CHANGING: Readonly<Partial<Record<Transition, string>>> = {
  starting: 'starting', stopping: 'stopping', deallocating: 'deallocating'
}

/**
 * What runs on a machine and how it is, in the order of the service (recorded: azcli_power_vm_2024-07-01, exchanges 33,
 * 52 and 75; java_power_vm). Nobody can say what runs in a deallocated machine.
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

/** The disks of a machine, with when they were attached or, of a deallocated machine, released. */
export function disksOf (vm: VirtualMachine, { disksAt }: MachineCondition) {
  const time = disksAt === undefined ? CREATION.disks : serviceTime(disksAt)
  return [{ name: belongingsOf(vm).osDisk.name, statuses: [{ ...SUCCEEDED, time }] }]
}

/** The agent in a machine. The list of its handlers is empty, and in the older form there is none. */
export function agentOf (vm: VirtualMachine, { agentAt }: MachineCondition, form: ResponseForm) {
  const { agentVersion, agentMessage } = imageOf(vm)
  const time = agentAt === undefined ? CREATION.agent : agentTime(agentAt)
  return {
    vmAgentVersion: agentVersion,
    statuses: [{ code: SUCCEEDED.code, level: 'Info', displayStatus: 'Ready', message: agentMessage, time }],
    ...form === 'current' && { extensionHandlers: [] }
  }
}

/** Provisioning first, then power, then hibernation: clients look by place (wire facts of machines, section 2.1). */
export function statusesOf (condition: MachineCondition) {
  const { powerState, transition, isHibernated = false } = condition
  const power = transition === undefined ? powerState : CHANGING[transition] ?? powerState
  return [
    provisioningOf(condition),
    { code: `PowerState/${power}`, level: 'Info', displayStatus: `VM ${power}` },
    ...isHibernated ? [{ code: 'HibernationState/Hibernated', level: 'Info', displayStatus: 'VM hibernated' }] : []
  ]
}

/** Only what is done has a time. */
function provisioningOf ({ transition, changedAt }: MachineCondition) {
  if (transition === undefined) {
    return { ...SUCCEEDED, time: changedAt === undefined ? CREATION.provisioned : serviceTime(changedAt) }
  }
  const state = provisioningStateOf({ transition })
  return { code: `ProvisioningState/${state.toLowerCase()}`, level: 'Info', displayStatus: state }
}

/** The provisioning state of a machine, as its properties have it. */
export function provisioningStateOf ({ transition }: Pick<MachineCondition, 'transition'>) {
  if (transition === undefined) return 'Succeeded'
  return transition === 'deleting' ? 'Deleting' : 'Updating'
}
