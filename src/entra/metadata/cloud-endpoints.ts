import type { FastifyRequest } from 'fastify'
import { clouds, cloudOf, type Cloud } from '../../core/clouds.js'
import { hostNameOf, originOf } from '../../http/origin.js'
import { EntraError } from '../errors/entra-error.js'
import { single } from '../forms.js'
import type { ResponseBody, Handlers } from '../handler-types.js'

type CloudMetadata = Extract<ResponseBody<'CloudEndpoints_Get'>, { microsoftGraphResourceId: string }>
type LegacyCloud = Extract<ResponseBody<'CloudEndpoints_Get'>, { galleryEndpoint: string }>

/**
 * Other hosts, by cloud (documented: `az cloud list`). azrun emulates none of them but that of Azure AD Graph, the
 * predecessor of Microsoft Graph.
 */
const OTHERS = {
  AzureCloud: {
    portal: 'portal.azure.com',
    gallery: 'gallery.azure.com',
    media: 'rest.media.azure.net',
    directoryGraph: 'graph.windows.net',
    batch: 'batch.core.windows.net',
    sql: 'database.windows.net',
    keyVault: 'vault.azure.net',
    storage: 'core.windows.net',
    registry: 'azurecr.io'
  },
  AzureUSGovernment: {
    portal: 'portal.azure.us',
    gallery: 'gallery.usgovcloudapi.net',
    media: 'rest.media.usgovcloudapi.net',
    directoryGraph: 'graph.windows.net',
    batch: 'batch.core.usgovcloudapi.net',
    sql: 'database.usgovcloudapi.net',
    keyVault: 'vault.usgovcloudapi.net',
    storage: 'core.usgovcloudapi.net',
    registry: 'azurecr.us'
  },
  AzureChinaCloud: {
    portal: 'portal.azure.cn',
    gallery: 'gallery.chinacloudapi.cn',
    media: 'rest.media.chinacloudapi.cn',
    directoryGraph: 'graph.chinacloudapi.cn',
    batch: 'batch.chinacloudapi.cn',
    sql: 'database.chinacloudapi.cn',
    keyVault: 'vault.azure.cn',
    storage: 'core.chinacloudapi.cn',
    registry: 'azurecr.cn'
  }
} as const

/** A cloud and the URLs by which the client reaches it. */
interface Reachable {
  readonly cloud: Cloud
  readonly name: string
  readonly resourceManager: string
  readonly login: string
  /** The login URL of old clients: they ask Azure about an unknown host unless the path is /adfs. */
  readonly legacyLogin: string
  readonly graph: string
}

/** The endpoints of clouds, in one of three forms that depends on the api-version. */
export function cloudEndpointHandlers (): Pick<Handlers, 'CloudEndpoints_Get'> {
  return {
    CloudEndpoints_Get: request => {
      const version = single(request.query['api-version'])
      if (version === undefined) throw new EntraError('MissingApiVersionParameter')
      const reached = cloudOf(hostNameOf(request))
      const cloud = reached === undefined ? here(request) : inAzure(reached)
      if (version < '2018') return legacy(cloud)
      if (version >= '2022') return metadata(cloud, cloud.login)
      const reachable = reached === undefined ? [cloud] : clouds.map(inAzure)
      return reachable.map(cloud => metadata(cloud, cloud.legacyLogin))
    }
  }
}

function inAzure (cloud: Cloud): Reachable {
  const login = `https://${cloud.login[0]}`
  return { cloud, name: cloud.name, resourceManager: `https://${cloud.resourceManager}/`, login, legacyLogin: login, graph: `https://${cloud.graph[0]}/` }
}

/** A separate cloud, with every endpoint at the client's origin. */
function here (request: FastifyRequest): Reachable {
  const origin = originOf(request)
  return { cloud: clouds[0], name: 'azrun', resourceManager: `${origin}/`, login: `${origin}/`, legacyLogin: `${origin}/adfs`, graph: `${origin}/` }
}

function legacy ({ cloud, legacyLogin }: Reachable): LegacyCloud {
  const { portal, gallery, directoryGraph } = OTHERS[cloud.name]
  return {
    galleryEndpoint: `https://${gallery}/`,
    graphEndpoint: `https://${directoryGraph}/`,
    portalEndpoint: `https://${portal}/`,
    authentication: { loginEndpoint: legacyLogin, audiences: audiences(cloud) }
  }
}

/**
 * Recorded: GET https://management.azure.com/metadata/endpoints. Some members for services that azrun does not have are
 * left out.
 */
function metadata ({ cloud, name, resourceManager, graph }: Reachable, loginEndpoint: string): CloudMetadata {
  const { portal, gallery, media, directoryGraph, batch, sql, keyVault, storage, registry } = OTHERS[cloud.name]
  return {
    portal: `https://${portal}`,
    authentication: { loginEndpoint, audiences: audiences(cloud), tenant: 'common', identityProvider: 'AAD' },
    media: `https://${media}`,
    graphAudience: `https://${directoryGraph}/`,
    graph: `https://${directoryGraph}/`,
    name,
    suffixes: {
      acrLoginServer: registry, sqlServerHostname: sql, keyVaultDns: keyVault, storage, mhsmDns: keyVault.replace('vault', 'managedhsm')
    },
    batch: `https://${batch}`,
    resourceManager,
    vmImageAliasDoc: 'https://raw.githubusercontent.com/Azure/azure-rest-api-specs/main/arm-compute/quickstart-templates/aliases.json',
    sqlManagement: `${cloud.audiences[0]}:8443/`,
    gallery: `https://${gallery}/`,
    microsoftGraphResourceId: graph
  }
}

/** With a trailing slash, as the clouds have them. */
function audiences ({ audiences }: Cloud): string[] {
  return audiences.map(audience => `${audience}/`)
}
