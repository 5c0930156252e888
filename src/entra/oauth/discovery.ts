import { isIP } from 'node:net'
import { clouds, cloudOf, type Cloud } from '../../core/clouds.js'
import { hostNameOf, originOf } from '../../http/origin.js'
import { EntraError } from '../errors/entra-error.js'
import { single } from '../forms.js'
import type { ResponseBody, EntraRequest, Handlers, Services } from '../handler-types.js'
import { openIdConfiguration } from './openid-configuration.js'
import { tenantOf } from './tenants.js'

type DiscoveryHandlers = Pick<Handlers, 'InstanceDiscovery_Get' | 'OpenIdConfiguration_GetV1' |
  'OpenIdConfiguration_GetV2' | 'Keys_ListV1' | 'Keys_ListV2' | 'UserRealms_Get'>

/** The endpoints and keys of authorities, which MSAL reads before it logs in. */
export function discoveryHandlers ({ tokens, subscriptions }: Services): DiscoveryHandlers {
  const configuration = (request: EntraRequest<'OpenIdConfiguration_GetV1'>, version: 1 | 2) => {
    const tenant = tenantOf(request.params.tenant, subscriptions)
    return openIdConfiguration({ tenant, version, origin: originOf(request), host: hostNameOf(request) })
  }
  const keys = async (request: EntraRequest<'Keys_ListV1'>) => {
    tenantOf(request.params.tenant, subscriptions)
    return await tokens.publicKeys() as ResponseBody<'Keys_ListV1'>
  }
  return {
    InstanceDiscovery_Get: instanceDiscovery,
    OpenIdConfiguration_GetV1: request => configuration(request, 1),
    OpenIdConfiguration_GetV2: request => configuration(request, 2),
    Keys_ListV1: keys,
    Keys_ListV2: keys,
    UserRealms_Get: ({ params: { user } }) => ({
      ver: '1.0',
      account_type: 'Managed',
      domain_name: user.slice(user.lastIndexOf('@') + 1),
      cloud_instance_name: 'microsoftonline.com',
      cloud_audience_urn: 'urn:federation:MicrosoftOnline'
    })
  }
}

/** The host that names an authority's cache where that is not its first host (recorded: msal4j's wiki). */
const PREFERRED_CACHES = new Map([['login.microsoftonline.com', 'login.windows.net']])

/** The hosts of each authority, in Entra's order (recorded: azure-sdk-for-js's recordings of 2022). */
const AUTHORITIES: readonly (readonly [string, ...string[]])[] = [
  loginOf('AzureCloud'), loginOf('AzureChinaCloud'), ['login.microsoftonline.de'], loginOf('AzureUSGovernment'),
  ['login-us.microsoftonline.com']
]

function loginOf (cloud: Cloud['name']): [string, ...string[]] {
  return [...clouds.find(({ name }) => name === cloud)!.login] as [string, ...string[]]
}

function instanceDiscovery (request: EntraRequest<'InstanceDiscovery_Get'>): ResponseBody<'InstanceDiscovery_Get'> {
  const authority = authorityOf(request)
  const version = single(request.query['api-version']) ?? '1.0'
  const metadata = AUTHORITIES.map(([first, ...others]) => ({
    preferred_network: first, preferred_cache: PREFERRED_CACHES.get(first) ?? first, aliases: [first, ...others]
  }))
  const { host, hostname, origin } = authority
  const isOwn = cloudOf(hostname) === undefined
  const own = isOwn ? [{ preferred_network: host, preferred_cache: host, aliases: [host] }] : []
  const [, tenant = 'common'] = authority.pathname.split('/')
  const v2 = authority.pathname.toLowerCase().includes('/v2.0/') ? '/v2.0' : ''
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}${v2}/.well-known/openid-configuration`,
    'api-version': version,
    metadata: [...metadata, ...own]
  }
}

/**
 * The authority that the client asks about: a cloud's login host, the requested host, or a host on this machine, where
 * azrun is. Throws `UnknownInstance` for any other.
 */
function authorityOf (request: EntraRequest<'InstanceDiscovery_Get'>): URL {
  const given = single(request.query.authorization_endpoint)
  if (given === undefined) throw new EntraError('MissingParameter', { parameter: 'authorization_endpoint' })
  if (!URL.canParse(given)) throw new EntraError('UnknownInstance')
  const url = new URL(given)
  const { hostname, protocol } = url
  const isAzure = clouds.some(({ login }) => login.includes(hostname))
  const isKnown = isAzure || hostname === hostNameOf(request) || isLoopback(hostname)
  if (!isKnown || !/^https?:$/.test(protocol)) throw new EntraError('UnknownInstance')
  return url
}

function isLoopback (hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
}
