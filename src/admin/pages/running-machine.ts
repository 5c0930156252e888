import { virtualMachineId } from '../../core/resource-id.js'
import type { MachineStates } from '../../resources/machine-states.js'
import type { VirtualMachine, VirtualMachines } from '../../resources/virtual-machines.js'

/** Where to look for a machine. */
export interface Machines {
  readonly virtualMachines: VirtualMachines
  readonly machineStates: MachineStates
}

/** A machine on which a reader can run a command: a declared one, else an undeclared one if those exist. */
export async function runningMachine (machines: Machines): Promise<VirtualMachine | undefined> {
  const { virtualMachines, machineStates } = machines
  for (const vm of virtualMachines.list()) {
    if (await machineStates.get(vm) === 'running') return vm
  }
  return virtualMachines.find(virtualMachineId('00000000-0000-0000-0000-000000000000', 'my-group', 'my-vm'))
}
