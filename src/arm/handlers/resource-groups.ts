import { DEFAULT_LOCATION } from '../../core/virtual-machines.js'
import { gatewayJson } from '../response.js'
import type { Handlers, Services } from './handler-types.js'

type ResourceGroupHandlers = Pick<Handlers, 'ResourceGroups_List' | 'ResourceGroups_Get' | 'ResourceGroups_CheckExistence'>

/** Resource groups, which Resource Manager serves itself. */
export function resourceGroupHandlers ({ virtualMachines }: Services): ResourceGroupHandlers {
  return {
    ResourceGroups_List: request => {
      const { subscriptionId } = request.params
      const groups = new Map<string, unknown>()
      for (const { id, location } of virtualMachines.list(subscriptionId)) {
        const key = id.collectionKey
        if (!groups.has(key)) groups.set(key, resourceGroupModel(subscriptionId, id.resourceGroup!, location))
      }
      return gatewayJson({ value: [...groups.values()] })
    },
    ResourceGroups_Get: request => {
      const { subscriptionId, resourceGroupName } = request.params
      const [vm] = virtualMachines.list(subscriptionId, resourceGroupName)
      const { id, location = DEFAULT_LOCATION } = vm ?? {}
      return gatewayJson(resourceGroupModel(subscriptionId, id?.resourceGroup ?? resourceGroupName, location))
    },
    // That there is one was checked before.
    ResourceGroups_CheckExistence: () => ({ status: 204, layer: 'gateway' })
  }
}

function resourceGroupModel (subscriptionId: string, name: string, location: string) {
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/${name}`,
    name,
    type: 'Microsoft.Resources/resourceGroups',
    location,
    properties: { provisioningState: 'Succeeded' }
  }
}
