import type { Subscription } from '../../resources/subscriptions.js'
import { DEFAULT_LOCATION } from '../../resources/virtual-machines.js'
import { ArmError } from '../errors/arm-error.js'
import { gatewayJson } from '../responses/arm-response.js'
import type { Handlers, Services } from './handler-types.js'

type SubscriptionHandlers =
  Pick<Handlers, 'Tenants_List' | 'Subscriptions_List' | 'Subscriptions_Get' | 'Subscriptions_ListLocations'>

/** Tenants and subscriptions, which Resource Manager itself serves. */
export function subscriptionHandlers ({ subscriptions, scaleSets, virtualMachines }: Services): SubscriptionHandlers {
  return {
    Tenants_List: () => {
      const tenants = new Set(subscriptions.list().map(({ tenantId }) => tenantId))
      return gatewayJson({ value: [...tenants].map(tenantModel) })
    },
    Subscriptions_List: () => {
      const value = subscriptions.list().map(subscriptionModel)
      return gatewayJson({ value, count: { type: 'Total', value: value.length } })
    },
    Subscriptions_Get: request => {
      const subscription = subscriptions.find(request.params.subscriptionId)
      if (subscription === undefined) {
        throw new ArmError('SubscriptionNotFound', { subscriptionId: request.params.subscriptionId })
      }
      return gatewayJson(subscriptionModel(subscription))
    },
    Subscriptions_ListLocations: request => {
      const { subscriptionId } = request.params
      const declared = [...virtualMachines.list(subscriptionId), ...scaleSets.list(subscriptionId)]
      const names = new Set([DEFAULT_LOCATION, ...declared.map(({ location }) => location)])
      return gatewayJson({ value: [...names].map(name => locationModel(subscriptionId, name)) })
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

function tenantModel (tenantId: string) {
  return {
    id: `/tenants/${tenantId}`,
    tenantId,
    displayName: 'azrun',
    defaultDomain: 'azrun.onmicrosoft.com',
    tenantCategory: 'Home'
  }
}

/** A region. Its display name is the short name, because azrun does not know the long one. */
function locationModel (subscriptionId: string, name: string) {
  return { id: `/subscriptions/${subscriptionId}/locations/${name}`, name, displayName: name, regionalDisplayName: name }
}
