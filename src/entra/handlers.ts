import type { ArcKeys } from './arc-keys.js'
import { cloudEndpointHandlers } from './cloud-endpoints.js'
import type { Handlers, Services } from './contract.js'
import { deviceCodeHandlers } from './device-codes.js'
import { discoveryHandlers } from './discovery.js'
import { graphHandlers } from './graph.js'
import { instanceMetadataHandlers } from './instance-metadata.js'
import { identityHandlers } from './managed-identity.js'
import { tokenHandlers } from './token-endpoint.js'

export function createHandlers (services: Services, arcKeys: ArcKeys): Handlers {
  return {
    ...discoveryHandlers(services),
    ...tokenHandlers(services),
    ...deviceCodeHandlers(services),
    ...identityHandlers(services, arcKeys),
    ...instanceMetadataHandlers(services),
    ...cloudEndpointHandlers(),
    ...graphHandlers(services)
  }
}
