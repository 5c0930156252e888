import { knownRegions } from '../../resources/regions.js'
import type { Subscription } from '../../resources/subscriptions.js'
import { ArmError } from '../errors/arm-error.js'
import { gatewayJson } from '../responses/arm-response.js'
import type { Handlers, Services } from './handler-types.js'

type SubscriptionHandlers =
  Pick<Handlers, 'Tenants_List' | 'Subscriptions_List' | 'Subscriptions_Get' | 'Subscriptions_ListLocations'>

const DOMAIN = 'azrun.onmicrosoft.com'

/** Tenants and subscriptions, which Resource Manager itself serves. */
export function subscriptionHandlers (services: Services): SubscriptionHandlers {
  const { subscriptions } = services
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
      const value = knownRegions(services, request.params.subscriptionId).map(name => locationModel(request, name))
      return gatewayJson({ value })
    }
  }
}

const SUBSCRIPTION_POLICIES =
  { locationPlacementId: 'Public_2014-09-01', quotaId: 'PayAsYouGo_2014-09-01', spendingLimit: 'Off' } as const

/** Recorded: microsoft/ARI #276. */
function subscriptionModel ({ subscriptionId, displayName, tenantId }: Subscription) {
  return {
    id: `/subscriptions/${subscriptionId}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId,
    tenantId,
    displayName,
    state: 'Enabled',
    subscriptionPolicies: SUBSCRIPTION_POLICIES
  }
}

/** Recorded: azure-pipelines-vscode #583. */
function tenantModel (tenantId: string) {
  return {
    id: `/tenants/${tenantId}`,
    tenantId,
    countryCode: 'US',
    displayName: 'azrun',
    domains: [DOMAIN],
    tenantCategory: 'Home' as const,
    defaultDomain: DOMAIN,
    tenantType: 'AAD' as const
  }
}

interface AskedForLocations {
  readonly apiVersion: string
  readonly params: { readonly subscriptionId: string }
}

/**
 * A region. Its display name is the short name, because azrun does not know the long one. The order, and the type since
 * 2022-12-01, are recorded: azure-cli's test_list_locations in 2025 and test_account_show in 2022. The older form is
 * documented by Microsoft's specification, its order by a public report of 2018: clients of that time need its numbers.
 */
function locationModel ({ apiVersion, params: { subscriptionId } }: AskedForLocations, name: string) {
  const id = `/subscriptions/${subscriptionId}/locations/${name}`
  if (apiVersion < '2019-11-01') return { id, name, displayName: name, longitude: '0', latitude: '0' }
  return {
    id,
    name,
    ...apiVersion >= '2022-12-01' && { type: 'Region' as const },
    displayName: name,
    regionalDisplayName: name,
    metadata: { regionType: 'Physical' as const, regionCategory: 'Recommended' as const }
  }
}
