import { knownRegions } from '../../resources/regions.js'
import { resourceProviders, type ResourceProvider } from '../contract/resource-providers.js'
import { ArmError } from '../errors/arm-error.js'
import { gatewayJson } from '../responses/arm-response.js'
import type { Handlers, Services } from './handler-types.js'

type ProviderHandlers = Pick<Handlers, 'Providers_List' | 'Providers_Get' | 'Providers_Register'>

/** The providers that every subscription may use without a registration (inferred). */
const FREE: readonly string[] = ['Microsoft.Resources', 'Microsoft.ResourceGraph']

/**
 * Resource providers. Clients ask for them to register them, or for the api-versions of a type. All that azrun serves
 * are registered already.
 */
export function resourceProviderHandlers (services: Services): ProviderHandlers {
  return {
    Providers_List: ({ params: { subscriptionId } }) => {
      const regions = knownRegions(services, subscriptionId)
      return gatewayJson({ value: resourceProviders().map(provider => modelOf(subscriptionId, provider, regions)) })
    },
    Providers_Get: one,
    Providers_Register: one
  }

  function one ({ params: { subscriptionId, resourceProviderNamespace }, url }: NamedProvider) {
    const name = resourceProviderNamespace.toLowerCase()
    const provider = resourceProviders().find(({ namespace }) => namespace.toLowerCase() === name)
    if (provider === undefined) throw new ArmError('RouteNotFound', { path: url.split('?', 1)[0]! })
    return gatewayJson(modelOf(subscriptionId, provider, knownRegions(services, subscriptionId)))
  }
}

/** Recorded, in this order, for another provider: azure-cli's test_provider_registration in 2020. */
function modelOf (subscriptionId: string, { namespace, types }: ResourceProvider, regions: readonly string[]) {
  return {
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    resourceTypes: types.map(({ name, scope, apiVersions }) => ({
      resourceType: name,
      locations: scope === 'compute' || scope === 'network' ? regions : [],
      apiVersions,
      capabilities: 'None' as const
    })),
    registrationState: 'Registered' as const,
    registrationPolicy: FREE.includes(namespace) ? 'RegistrationFree' as const : 'RegistrationRequired' as const
  }
}

/** The request for one resource provider. */
interface NamedProvider {
  readonly params: { readonly subscriptionId: string, readonly resourceProviderNamespace: string }
  readonly url: string
}
