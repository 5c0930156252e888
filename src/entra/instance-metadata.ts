import type { FastifyRequest } from 'fastify'
import { derivedId } from '../core/derived-id.js'
import { DEFAULT_LOCATION } from '../core/virtual-machines.js'
import { ManagedIdentities } from '../identity/managed-identities.js'
import type { Answer, Handlers, Services } from './contract.js'
import { EntraError } from './errors.js'
import { requireMetadata } from './managed-identity.js'
import { single } from './requests.js'

type MetadataHandlers =
  Pick<Handlers, 'InstanceMetadata_Get' | 'InstanceMetadata_GetCompute' | 'InstanceMetadata_GetComputeValue'>

/** The machine that a program with a managed identity takes itself to run on. */
export function instanceMetadataHandlers (services: Services): MetadataHandlers {
  const identities = new ManagedIdentities(services)
  const compute = (request: FastifyRequest): Answer<'InstanceMetadata_GetCompute'> => {
    requireMetadata(request)
    const { 'api-version': version } = request.query as Readonly<Record<string, unknown>>
    if (single(version) === undefined) throw new EntraError('ApiVersionMissing')
    const { resourceGroup, ...machine } = identities.machine
    return {
      azEnvironment: 'AzurePublicCloud',
      location: DEFAULT_LOCATION,
      ...machine,
      osType: 'Linux',
      provider: 'Microsoft.Compute',
      resourceGroupName: resourceGroup,
      vmId: derivedId(machine.resourceId)
    }
  }
  return {
    InstanceMetadata_Get: request => ({ compute: compute(request), network: { interface: [] } }),
    InstanceMetadata_GetCompute: compute,
    InstanceMetadata_GetComputeValue: (request, reply) => {
      const { name } = request.params
      const [, value] = Object.entries(compute(request)).find(([key]) => key.toLowerCase() === name.toLowerCase()) ?? []
      if (value === undefined) throw new EntraError('MetadataNotFound', { name })
      reply.type('text/plain; charset=utf-8')
      return value
    }
  }
}
