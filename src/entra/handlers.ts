import type { Handlers, Services } from './handler-types.js'
import type { ArcKeys } from './metadata/arc-keys.js'
import { cloudEndpointHandlers } from './metadata/cloud-endpoints.js'
import { instanceMetadataHandlers } from './metadata/instance-metadata.js'
import { identityHandlers } from './metadata/managed-identity.js'
import { authorizationHandlers } from './oauth/authorizations.js'
import { deviceCodeHandlers } from './oauth/device-codes.js'
import { discoveryHandlers } from './oauth/discovery.js'
import { graphHandlers } from './oauth/graph.js'
import { tokenHandlers } from './oauth/token-endpoint.js'

export function createHandlers (services: Services, arcKeys: ArcKeys): Handlers {
  return {
    ...discoveryHandlers(services),
    ...tokenHandlers(services),
    ...authorizationHandlers(),
    ...deviceCodeHandlers(services),
    ...identityHandlers(services, arcKeys),
    ...instanceMetadataHandlers(services),
    ...cloudEndpointHandlers(),
    ...graphHandlers(services)
  }
}
