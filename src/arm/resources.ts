import type { Subscription } from '../core/subscriptions.js'
import type { Answer } from './answer.js'
import { ArmError } from './errors.js'
import type { Handlers, Services } from './contract.js'

type ResourceHandlers = Pick<Handlers,
  'Subscriptions_List' | 'Subscriptions_Get' | 'ResourceGroups_List' | 'ResourceGroups_Get'>

/** What Resource Manager answers itself: subscriptions and resource groups. */
export function resourceHandlers ({ subscriptions, virtualMachines }: Services): ResourceHandlers {
  return {
    Subscriptions_List: () => {
      const value = subscriptions.list().map(subscriptionModel)
      return found({ value, count: { type: 'Total', value: value.length } })
    },
    Subscriptions_Get: request => {
      const subscription = subscriptions.find(request.params.subscriptionId)
      if (subscription === undefined) {
        throw new ArmError('SubscriptionNotFound', { subscriptionId: request.params.subscriptionId })
      }
      return found(subscriptionModel(subscription))
    },
    ResourceGroups_List: request => {
      const { subscriptionId } = request.params
      const groups = new Map<string, unknown>()
      for (const { resourceGroup, location } of virtualMachines.list(subscriptionId)) {
        const key = resourceGroup.toLowerCase()
        if (!groups.has(key)) groups.set(key, resourceGroupModel(subscriptionId, resourceGroup, location))
      }
      return found({ value: [...groups.values()] })
    },
    ResourceGroups_Get: request => {
      const { subscriptionId, resourceGroupName } = request.params
      const [vm] = virtualMachines.list(subscriptionId, resourceGroupName)
      return found(resourceGroupModel(subscriptionId, vm?.resourceGroup ?? resourceGroupName, vm?.location ?? 'westus'))
    }
  }
}

function subscriptionModel ({ subscriptionId, displayName, tenantId }: Subscription) {
  return {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId,
    tenantId,
    displayName,
    state: 'Enabled'
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

function found (value: unknown): Answer {
  return { status: 200, layer: 'gateway', body: JSON.stringify(value) }
}
