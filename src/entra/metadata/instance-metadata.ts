import type { FastifyRequest } from 'fastify'
import { derivedId } from '../../core/ids.js'
import { DEFAULT_LOCATION } from '../../resources/virtual-machines.js'
import { EntraError } from '../errors.js'
import { single } from '../forms.js'
import type { ResponseBody, Handlers, Services } from '../handler-types.js'
import { requireMetadata } from './managed-identity.js'

type MetadataHandlers =
  Pick<Handlers, 'InstanceMetadata_Get' | 'InstanceMetadata_GetCompute' | 'InstanceMetadata_GetComputeValue'>

/** Describes the machine on which a program with a managed identity believes it runs. */
export function instanceMetadataHandlers ({ managedIdentities }: Services): MetadataHandlers {
  const compute = (request: FastifyRequest): ResponseBody<'InstanceMetadata_GetCompute'> => {
    requireMetadata(request)
    const { 'api-version': version } = request.query as Readonly<Record<string, unknown>>
    if (single(version) === undefined) throw new EntraError('ApiVersionMissing')
    const { resourceGroup, ...machine } = managedIdentities.machine
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
