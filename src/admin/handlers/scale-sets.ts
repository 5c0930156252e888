import { scaleSetId } from '../../core/resource-id.js'
import type { ScaleSet } from '../../resources/scale-sets.js'
import { placeOf, type VirtualMachine } from '../../resources/virtual-machines.js'
import { AdminError } from '../errors.js'
import type { AdminRequest, AdminResponse, Handlers, Services } from '../handler-types.js'

type ScaleSetHandlers = Pick<Handlers, 'VirtualMachineScaleSets_Read' | 'VirtualMachineScaleSets_Declare' |
  'VirtualMachineScaleSets_Remove' | 'ScaleSetInstances_Read' | 'ScaleSetInstances_Change'>
type SetParams = AdminRequest<'VirtualMachineScaleSets_Read'>['params']
type InstanceParams = AdminRequest<'ScaleSetInstances_Read'>['params']

/** Lets tests see, declare and remove scale sets while azrun runs, and change the states of their instances. */
export function scaleSetHandlers (
  { inventory, machineStates, scaleSets }: Pick<Services, 'inventory' | 'machineStates' | 'scaleSets'>): ScaleSetHandlers {
  return {
    VirtualMachineScaleSets_Read: ({ params }) => shown(existing(params)),
    VirtualMachineScaleSets_Declare: async ({ params, body }) => {
      const { subscriptionId, resourceGroup, vmScaleSetName: name } = params
      return shown(await inventory.declareScaleSet({ subscriptionId, resourceGroup, name, ...body }))
    },
    VirtualMachineScaleSets_Remove: async ({ params }) => {
      if (!await inventory.removeScaleSet(idOf(params))) throw missing(params, 'is declared', 'GET /_emulator/state lists those that are')
      return {}
    },
    ScaleSetInstances_Read: async ({ params }) => await shownInstance(existingInstance(params)),
    ScaleSetInstances_Change: async ({ params, body: { powerState } }) => {
      const instance = existingInstance(params)
      await machineStates.set(instance, powerState)
      return await shownInstance(instance)
    }
  }

  function shown ({ id, location, osType, tags, instanceIds: instances }: ScaleSet): AdminResponse {
    const { subscriptionId, resourceGroup, name } = id
    const declared = scaleSets.isDeclared(id)
    return { body: { subscriptionId, resourceGroup, name, location, osType, tags, instances, declared } }
  }

  async function shownInstance (instance: VirtualMachine): Promise<AdminResponse> {
    return { body: { ...placeOf(instance), powerState: await machineStates.get(instance) } }
  }

  function existing (params: SetParams): ScaleSet {
    const scaleSet = scaleSets.find(idOf(params))
    if (scaleSet === undefined) throw missing(params, 'exists', 'declare it with PUT, for example with the body {}')
    return scaleSet
  }

  function existingInstance (params: InstanceParams): VirtualMachine {
    const instance = scaleSets.instance(existing(params), params.instanceId)
    if (instance !== undefined) return instance
    const message = `no instance '${params.instanceId}' of scale set '${params.vmScaleSetName}' exists: declare it with PUT, ` +
      "among the 'instances' of the scale set"
    throw new AdminError(404, message, { target: 'instanceId' })
  }
}

function idOf ({ subscriptionId, resourceGroup, vmScaleSetName }: SetParams) {
  return scaleSetId(subscriptionId, resourceGroup, vmScaleSetName)
}

function missing ({ resourceGroup, vmScaleSetName }: SetParams, verb: string, remedy: string): AdminError {
  const message = `no scale set '${vmScaleSetName}' ${verb} in resource group '${resourceGroup}': ${remedy}`
  return new AdminError(404, message, { target: 'vmScaleSetName' })
}
