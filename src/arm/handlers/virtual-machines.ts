import { allOf, then, type MaybePromise } from '../../core/maybe-promise.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { instanceViewOf } from '../documents/instance-view.js'
import { etagOf, statusDocument, virtualMachineDocument, type MachineForm } from '../documents/virtual-machine.js'
import { ArmError } from '../errors/arm-error.js'
import { gatewayJson, serviceJson, type ArmResponse } from '../responses/arm-response.js'
import { hasEtag } from '../responses/form.js'
import { isInstanceView } from './expand.js'
import type { Handlers, Services } from './handler-types.js'

type VirtualMachineHandlers = Pick<Handlers,
  'VirtualMachines_Get' | 'VirtualMachines_InstanceView' | 'VirtualMachines_List' | 'VirtualMachines_ListAll'>

type DocumentOf = (...shown: Parameters<typeof virtualMachineDocument>) => object

/** Reads of virtual machines. */
export function virtualMachineHandlers ({ machineStates, virtualMachines }: Services): VirtualMachineHandlers {
  return {
    VirtualMachines_Get: request => then(machineStates.read(request.vm), condition => {
      const { vm, apiVersion, query: { $expand } } = request
      const form = formOf(request, $expand)
      const response = serviceJson(virtualMachineDocument(vm, condition, form))
      // Recorded: only without the instance view (azcli_power_vm_2024-07-01, exchanges 24 and 32).
      return hasEtag(apiVersion) && !form.hasInstanceView
        ? { ...response, headers: ['ETag', etagOf(condition)] }
        : response
    }),
    VirtualMachines_InstanceView: ({ vm, responseForm }) => then(machineStates.read(vm), condition =>
      serviceJson(instanceViewOf(vm, condition, responseForm))),
    VirtualMachines_List: request => {
      const { params: { subscriptionId, resourceGroupName }, query } = request
      const machines = filtered(query, () => virtualMachines.list(subscriptionId, resourceGroupName))
      return listed(machines, formOf(request, undefined))
    },
    VirtualMachines_ListAll: request => {
      const { params: { subscriptionId }, query } = request
      const documentOf = `${query.statusOnly}`.toLowerCase() === 'true' ? statusDocument : virtualMachineDocument
      return listed(filtered(query, () => virtualMachines.list(subscriptionId)), formOf(request, undefined), documentOf)
    }
  }

  /** An empty list is from Resource Manager itself (recorded for a group: azcli_power_vm_2024-07-01, exchange 0). */
  function listed (machines: readonly VirtualMachine[], form: MachineForm,
    documentOf: DocumentOf = virtualMachineDocument): MaybePromise<ArmResponse> {
    if (machines.length === 0) return gatewayJson({ value: [] })
    return then(allOf(machines.map(vm => machineStates.read(vm))), conditions => {
      const value = machines.map((vm, index) => documentOf(vm, conditions[index]!, form))
      return serviceJson({ value })
    })
  }
}

/**
 * The machines that `$filter` leaves: none of a scale set, as azrun's sets have instances of another kind. Inferred:
 * another filter leaves all, and every api-version refuses views of a list that is not that of a set.
 */
function filtered ({ $filter, $expand }: { readonly $filter?: string, readonly $expand?: string },
  list: () => readonly VirtualMachine[]): readonly VirtualMachine[] {
  if (/virtualMachineScaleSet\/id/i.test(`${$filter}`)) return []
  if (isInstanceView($expand)) throw new ArmError('ExpandWithoutFilter')
  return list()
}

function formOf ({ responseForm, apiVersion }: MachineForm, $expand: string | undefined): MachineForm {
  return { responseForm, apiVersion, hasInstanceView: isInstanceView($expand) }
}
