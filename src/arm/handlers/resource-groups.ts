import { regionOf } from '../../core/resource-names.js'
import { knownRegions } from '../../resources/regions.js'
import type { ResourceGroup } from '../../resources/resource-groups.js'
import { ArmError } from '../errors/arm-error.js'
import { invalidFilter } from '../errors/invalid-value.js'
import { requireGroupName } from '../resources/finder.js'
import { requireTags } from '../resources/tags.js'
import { gatewayJson } from '../responses/arm-response.js'
import type { Handlers, Services } from './handler-types.js'
import { pageOf } from './page.js'
import { tagFilterOf } from './tag-filter.js'

type ResourceGroupHandlers = Pick<Handlers, 'ResourceGroups_List' | 'ResourceGroups_Get' | 'ResourceGroups_Update' |
  'ResourceGroups_CheckExistence' | 'ResourceGroups_CreateOrUpdate'>

/** Resource groups, which Resource Manager itself serves. */
export function resourceGroupHandlers (services: Services): ResourceGroupHandlers {
  const { resourceGroups } = services
  return {
    ResourceGroups_List: request => {
      const { params: { subscriptionId }, query: { $filter = '' } } = request
      const groups = resourceGroups.list(subscriptionId).filter(matching($filter))
      return gatewayJson(pageOf(groups.map(modelOf), request))
    },
    ResourceGroups_Get: ({ params }) => gatewayJson(modelOf(groupOf(params))),
    ResourceGroups_CheckExistence: () => ({ status: 204, layer: 'gateway' }),
    ResourceGroups_CreateOrUpdate: ({ params, body: { location, tags, managedBy } }) => {
      const { subscriptionId, resourceGroupName: name } = params
      requireGroupName(name)
      requireTags(tags)
      requireStaying(params)
      const existing = resourceGroups.isDeclaredOrCreated(subscriptionId, name) ? groupOf(params) : undefined
      const region = regionOf(location)
      if (region === '') throw new ArmError('LocationRequired')
      if (!/^[-\w.]+$/.test(region)) {
        const regions = knownRegions(services, subscriptionId).join()
        throw new ArmError('LocationNotAvailableForResourceGroup', { location, regions })
      }
      if (existing !== undefined && existing.location !== region) {
        throw new ArmError('InvalidResourceGroupLocation', { location: region, existing: existing.location })
      }
      const group = { subscriptionId, name: existing?.name ?? name, location: region, tags, managedBy }
      resourceGroups.put(group)
      return { ...gatewayJson(modelOf(group)), status: existing === undefined ? 201 : 200 }
    },
    ResourceGroups_Update: ({ params, body: { tags, managedBy } }) => {
      requireTags(tags)
      requireStaying(params)
      const before = groupOf(params)
      const group = { ...before, tags: tags ?? before.tags, managedBy: managedBy ?? before.managedBy }
      resourceGroups.put(group)
      return gatewayJson(modelOf(group))
    }
  }

  /** The group. It may have been deleted since the gate's check, because a body takes time to arrive. */
  function groupOf ({ subscriptionId, resourceGroupName: resourceGroup }: Names): ResourceGroup {
    const group = resourceGroups.find(subscriptionId, resourceGroup)
    if (group === undefined) throw new ArmError('ResourceGroupNotFound', { resourceGroup })
    return group
  }

  function requireStaying ({ subscriptionId, resourceGroupName: resourceGroup }: Names): void {
    if (!resourceGroups.isBeingDeleted(subscriptionId, resourceGroup)) return
    throw new ArmError('ResourceGroupBeingDeleted', { resourceGroup })
  }

  /** The document of a group (recorded, except where managedBy is: azcli_managed_vm_2024-07-01, exchange 23). */
  function modelOf ({ subscriptionId, name, location, tags, managedBy }: ResourceGroup) {
    const isLeaving = resourceGroups.isBeingDeleted(subscriptionId, name)
    return {
      id: `/subscriptions/${subscriptionId}/resourceGroups/${name}`,
      name,
      type: 'Microsoft.Resources/resourceGroups',
      location,
      managedBy,
      tags,
      properties: { provisioningState: isLeaving ? 'Deleting' : 'Succeeded' }
    }
  }
}

interface Names {
  readonly subscriptionId: string
  readonly resourceGroupName: string
}

function matching (filter: string): (group: ResourceGroup) => boolean {
  if (filter === '') return () => true
  const byTag = tagFilterOf(filter)
  if (byTag === undefined) throw invalidFilter(filter, "tagName eq 'NAME' or tagName eq 'NAME' and tagValue eq 'VALUE'")
  return byTag
}
