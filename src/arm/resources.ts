import type { Subscription } from '../core/subscriptions.js'
import { DEFAULT_LOCATION } from '../core/virtual-machines.js'
import type { Answer } from './answer.js'
import { ArmError } from './errors.js'
import type { Handlers, Services } from './contract.js'

type ResourceHandlers = Pick<Handlers,
  'Tenants_List' | 'Subscriptions_List' | 'Subscriptions_Get' | 'Subscriptions_ListLocations' |
  'ResourceGroups_List' | 'ResourceGroups_Get' | 'ResourceGroups_CheckExistence'>

/** What Resource Manager answers itself: tenants, subscriptions and resource groups. */
export function resourceHandlers ({ subscriptions, virtualMachines }: Services): ResourceHandlers {
  return {
    Tenants_List: () => {
      const tenants = new Set(subscriptions.list().map(({ tenantId }) => tenantId))
      return found({ value: [...tenants].map(tenantModel) })
    },
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
    Subscriptions_ListLocations: request => {
      const { subscriptionId } = request.params
      const names = new Set([DEFAULT_LOCATION, ...virtualMachines.list(subscriptionId).map(({ location }) => location)])
      return found({ value: [...names].map(name => locationModel(subscriptionId, name)) })
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
      const { resourceGroup = resourceGroupName, location = DEFAULT_LOCATION } = vm ?? {}
      return found(resourceGroupModel(subscriptionId, resourceGroup, location))
    },
    // That there is one was checked before.
    ResourceGroups_CheckExistence: () => ({ status: 204, layer: 'gateway' })
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

function tenantModel (tenantId: string) {
  return {
    id: `/tenants/${tenantId}`,
    tenantId,
    displayName: 'azrun',
    defaultDomain: 'azrun.onmicrosoft.com',
    tenantCategory: 'Home'
  }
}

/** A region is shown by its short name: its long one is not known here. */
function locationModel (subscriptionId: string, name: string) {
  return { id: `/subscriptions/${subscriptionId}/locations/${name}`, name, displayName: name, regionalDisplayName: name }
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
