import { derivedId } from '../../core/ids.js'
import { virtualMachineId } from '../../core/resource-id.js'
import type { PowerState, VirtualMachine } from '../../core/virtual-machines.js'
import { rateLimits } from '../rate-limits.js'
import type { ResponseForm } from '../response-form.js'
import type { ArmResponse } from '../response-headers.js'
import { computeJson, gatewayJson } from '../response.js'
import type { Handlers, Services } from './handler-types.js'

type VirtualMachineHandlers = Pick<Handlers, 'VirtualMachines_Get' | 'VirtualMachines_List' | 'VirtualMachines_ListAll'>

/** Virtual machines, as far as clients read them. */
export function virtualMachineHandlers ({ machineStates, virtualMachines }: Services): VirtualMachineHandlers {
  return {
    VirtualMachines_Get: async request => {
      const { vm, responseForm, query: { $expand = '' } } = request
      const expanded = `${$expand}`.toLowerCase()
      const state = expanded === 'instanceview' ? await machineStates.get(vm) : undefined
      return computeJson(model(vm, responseForm, state), rateLimits.virtualMachine)
    },
    VirtualMachines_List: request => {
      const { subscriptionId, resourceGroupName } = request.params
      return listed(virtualMachines.list(subscriptionId, resourceGroupName), request.responseForm)
    },
    VirtualMachines_ListAll: ({ params: { subscriptionId }, responseForm }) =>
      listed(virtualMachines.list(subscriptionId), responseForm)
  }
}

/** An empty list is Resource Manager's own (recorded of a resource group: azcli_power_vm_2024-07-01, exchange 0). */
function listed (machines: readonly VirtualMachine[], form: ResponseForm): ArmResponse {
  const value = machines.map(vm => model(vm, form))
  return value.length === 0 ? gatewayJson({ value }) : computeJson({ value }, rateLimits.virtualMachines)
}

/**
 * As far as clients read it (clients' `vm show` and `vm list`), in the order of each form (recorded: java_power_vm,
 * azcli_power_vm_2024-07-01); with its instance view where a state is given.
 */
function model (vm: VirtualMachine, form: ResponseForm, state?: PowerState) {
  const { id: { subscriptionId, resourceGroup, name }, location, osType = 'Linux' } = vm
  const id = virtualMachineId(subscriptionId, resourceGroup!, name).text
  const vmId = derivedId(id)
  const hardwareProfile = { vmSize: 'Standard_B2s' }
  const provisioningState = 'Succeeded'
  const profiles = {
    storageProfile: { osDisk: { osType, name: `${name}_OsDisk`, createOption: 'FromImage' }, dataDisks: [] },
    osProfile: { computerName: name, adminUsername: 'azureuser', secrets: [], allowExtensionOperations: true },
    networkProfile: { networkInterfaces: [] }
  }
  const properties = form === 'older'
    ? { vmId, hardwareProfile, ...profiles, provisioningState }
    : { hardwareProfile, provisioningState, vmId, ...profiles }
  return {
    name,
    id,
    type: 'Microsoft.Compute/virtualMachines',
    location,
    properties: { ...properties, ...state !== undefined && { instanceView: instanceView(name, osType, state) } }
  }
}

/** Nobody can say what runs in a deallocated machine (recorded: azcli_power_vm_2024-07-01, exchange 32). */
function instanceView (computerName: string, osName: string, state: PowerState) {
  return {
    ...state !== 'deallocated' && { computerName, osName, vmAgent: { vmAgentVersion: 'azrun', statuses: [ready] } },
    statuses: [
      { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded' },
      { code: `PowerState/${state}`, level: 'Info', displayStatus: `VM ${state}` }
    ]
  }
}

const ready = {
  code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Ready', message: 'Guest Agent is running'
}
