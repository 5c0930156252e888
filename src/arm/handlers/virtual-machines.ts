import { allOf, then, type MaybePromise } from '../../core/maybe-promise.js'
import type { VirtualMachine } from '../../core/virtual-machines.js'
import { etagOf, virtualMachineDocument, type MachineForm } from '../documents/virtual-machine.js'
import { rateLimits } from '../rate-limits.js'
import { hasEtag } from '../response-form.js'
import type { ArmResponse } from '../response-headers.js'
import { computeJson, gatewayJson } from '../response.js'
import type { Handlers, Services } from './handler-types.js'

type VirtualMachineHandlers = Pick<Handlers, 'VirtualMachines_Get' | 'VirtualMachines_List' | 'VirtualMachines_ListAll'>

/** Virtual machines, as clients read them. */
export function virtualMachineHandlers ({ machineStates, virtualMachines }: Services): VirtualMachineHandlers {
  return {
    VirtualMachines_Get: request => then(machineStates.read(request.vm), condition => {
      const { vm, responseForm, apiVersion, query: { $expand = '' } } = request
      const hasInstanceView = `${$expand}`.toLowerCase() === 'instanceview'
      const document = virtualMachineDocument(vm, condition, { responseForm, apiVersion, hasInstanceView })
      const response = computeJson(document, rateLimits.virtualMachine)
      // Recorded: only where the instance view is not asked for (azcli_power_vm_2024-07-01, exchanges 24 and 32).
      return hasEtag(apiVersion) && !hasInstanceView ? { ...response, headers: ['ETag', etagOf(condition)] } : response
    }),
    VirtualMachines_List: request => {
      const { subscriptionId, resourceGroupName } = request.params
      return listed(virtualMachines.list(subscriptionId, resourceGroupName), request)
    },
    VirtualMachines_ListAll: request => listed(virtualMachines.list(request.params.subscriptionId), request)
  }

  /** An empty list is Resource Manager's own (recorded of a resource group: azcli_power_vm_2024-07-01, exchange 0). */
  function listed (machines: readonly VirtualMachine[], form: MachineForm): MaybePromise<ArmResponse> {
    if (machines.length === 0) return gatewayJson({ value: [] })
    return then(allOf(machines.map(vm => machineStates.read(vm))), conditions => {
      const value = machines.map((vm, index) => virtualMachineDocument(vm, conditions[index]!, form))
      return computeJson({ value }, rateLimits.virtualMachines)
    })
  }
}
