import type { FastifyRequest } from 'fastify'
import { derivedId } from '../../core/ids.js'
import { DEFAULT_LOCATION } from '../../resources/virtual-machines.js'
import { EntraError } from '../errors/entra-error.js'
import { single } from '../forms.js'
import type { ResponseBody, Handlers, Services } from '../handler-types.js'
import { requireMetadata } from './managed-identity.js'

type MetadataHandlers =
  Pick<Handlers, 'InstanceMetadata_Get' | 'InstanceMetadata_GetCompute' | 'InstanceMetadata_GetComputeValue'>

const VERSION = /^\d{4}-\d\d-\d\d$/

/** Describes the machine on which a program with a managed identity believes it runs. */
export function instanceMetadataHandlers ({ managedIdentities }: Services): MetadataHandlers {
  const compute = (request: FastifyRequest): ResponseBody<'InstanceMetadata_GetCompute'> => {
    requireMetadata(request, 'InstanceHeaderMissing')
    const { 'api-version': version } = request.query as Readonly<Record<string, unknown>>
    if (!VERSION.test(single(version) ?? '')) throw new EntraError('InstanceVersionInvalid')
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
      // JSON has no form for one value.
      if (single(request.query.format)?.toLowerCase() !== 'text') throw new EntraError('InstanceFormatMissing')
      reply.type('text/plain; charset=utf-8')
      return value
    }
  }
}
