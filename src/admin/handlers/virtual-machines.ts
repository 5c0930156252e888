import { virtualMachineId } from '../../core/resource-id.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { AdminError } from '../errors.js'
import type { AdminRequest, AdminResponse, Handlers, Services } from '../handler-types.js'

type MachineHandlers = Pick<Handlers, 'VirtualMachines_Read' | 'VirtualMachines_Declare' | 'VirtualMachines_Remove'>
type Params = AdminRequest<'VirtualMachines_Read'>['params']

/** Lets tests see, declare, change and remove virtual machines while azrun runs. */
export function virtualMachineHandlers (
  services: Pick<Services, 'inventory' | 'machineStates' | 'virtualMachines'>): MachineHandlers {
  const { inventory, machineStates, virtualMachines } = services
  return {
    VirtualMachines_Read: async ({ params }) => await shown(existing(params)),
    VirtualMachines_Declare: async ({ params, body }) => {
      const { powerState, ...others } = body
      if (powerState !== undefined && Object.keys(others).length === 0) {
        const vm = existing(params)
        await machineStates.set(vm, powerState)
        return await shown(vm)
      }
      const { subscriptionId, resourceGroup, vmName: name } = params
      return await shown(await inventory.declareMachine({ subscriptionId, resourceGroup, name, ...body }))
    },
    VirtualMachines_Remove: async ({ params }) => {
      if (!await inventory.removeMachine(idOf(params))) throw missing(params, 'is declared', 'GET /_emulator/state lists those that are')
      return {}
    }
  }

  async function shown (vm: VirtualMachine): Promise<AdminResponse> {
    const { id, id: { subscriptionId, resourceGroup, name }, location, osType, tags } = vm
    const powerState = await machineStates.get(vm)
    const declared = virtualMachines.isDeclared(id)
    return { body: { subscriptionId, resourceGroup, name, location, osType, tags, powerState, declared } }
  }

  function existing (params: Params): VirtualMachine {
    const vm = virtualMachines.find(idOf(params))
    if (vm === undefined) throw missing(params, 'exists', 'declare it with PUT, for example with the body {}')
    return vm
  }
}

function idOf ({ subscriptionId, resourceGroup, vmName }: Params) {
  return virtualMachineId(subscriptionId, resourceGroup, vmName)
}

function missing ({ resourceGroup, vmName }: Params, verb: string, remedy: string): AdminError {
  const message = `no virtual machine '${vmName}' ${verb} in resource group '${resourceGroup}': ${remedy}`
  return new AdminError(404, message, { target: 'vmName' })
}
