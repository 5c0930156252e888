import { allOf, then, type MaybePromise } from '../../core/maybe-promise.js'
import { Scope } from '../../core/scope.js'
import type { ManagedRunCommand } from '../../resources/managed-run-command.js'
import { provisioningStateOf } from '../documents/instance-view.js'
import { networkInterfaceDocument, publicIpAddressDocument } from '../documents/network.js'
import { scaleSetDocument } from '../documents/scale-set.js'
import { CREATION } from '../documents/times.js'
import { virtualMachineDocument } from '../documents/virtual-machine.js'
import { gatewayJson } from '../responses/arm-response.js'
import type { ArmRequest, Handlers, Services } from './handler-types.js'
import { pageOf } from './page.js'
import { resourceFilterOf, type Filtered } from './resource-filter.js'

const TIME = CREATION.created.replace('+00:00', 'Z')

/** The forms of documents differ only in members that this list does not show. */
const FORM = { responseForm: 'current', apiVersion: '2024-07-01' } as const

/** Resources of all types, which Resource Manager itself lists. Terraform deletes a group only if it has none. */
export function resourceListHandlers (services: Services): Pick<Handlers, 'Resources_List' | 'Resources_ListByResourceGroup'> {
  const { machineStates, runCommands, scaleSets, virtualMachines } = services
  return {
    Resources_List: request => list(request),
    Resources_ListByResourceGroup: request => list(request, request.params.resourceGroupName)
  }

  function list (request: Listed, resourceGroup?: string) {
    const { params: { subscriptionId }, query: { $filter = '', $expand = [] } } = request
    const { matches, isOfTags, isOfSubstrings } = resourceFilterOf($filter)
    // The declared type is a list, but the query has text.
    const expanded = new Set(`${$expand}`.toLowerCase().split(',').map(name => name.trim()))
    return then(resourcesIn(subscriptionId, resourceGroup), resources => {
      const listed = resources.filter(matches)
        .map(resource => modelOf(isOfTags ? { ...resource, tags: undefined } : resource, expanded))
      return gatewayJson(pageOf(listed, request, isOfSubstrings))
    })
  }

  function resourcesIn (subscriptionId: string, resourceGroup: string | undefined): MaybePromise<readonly Resource[]> {
    const machines = virtualMachines.list(subscriptionId, resourceGroup)
    const sets = scaleSets.list(subscriptionId, resourceGroup)
    const scope = Scope.of(resourceGroup === undefined ? { subscriptionId } : { subscriptionId, resourceGroup })
    const states = allOf(machines.map(vm => machineStates.read(vm)))
    return then(states, conditions => then(runCommands.within(scope), commands => [
      ...machines.flatMap((vm, index) => {
        const condition = conditions[index]!
        return [
          { ...virtualMachineDocument(vm, condition, FORM), provisioningState: provisioningStateOf(condition) },
          networkInterfaceDocument(vm, FORM.apiVersion),
          publicIpAddressDocument(vm)
        ]
      }),
      ...sets.map(set => scaleSetDocument(set, FORM)),
      ...commands.filter(({ vmId }) => OF_MACHINE.test(vmId)).map(runCommandOf)
    ]))
  }
}

type Listed = ArmRequest<'Resources_List' | 'Resources_ListByResourceGroup'>

interface Resource extends Filtered {
  /** Default: `Succeeded`. */
  readonly provisioningState?: string
}

/** The path of a machine. Instances of scale sets and their run commands are not tracked as resources (documented). */
const OF_MACHINE = /\/providers\/Microsoft\.Compute\/virtualMachines\/[^/]+$/i

/** A child resource has the name of its parent before its own. Inferred: Azure lists this type, which it tracks. */
function runCommandOf ({ vmId, name, location, tags, provisioningState }: ManagedRunCommand): Resource {
  return {
    id: `${vmId}/runCommands/${name}`,
    name: `${vmId.slice(vmId.lastIndexOf('/') + 1)}/${name}`,
    type: 'Microsoft.Compute/virtualMachines/runCommands',
    location,
    tags,
    provisioningState
  }
}

/** The members are documented, their order is inferred. */
function modelOf ({ id, name, type, location, tags = {}, provisioningState = 'Succeeded' }: Resource,
  expanded: ReadonlySet<string>) {
  return {
    id,
    name,
    type,
    location,
    ...Object.keys(tags).length > 0 && { tags },
    ...expanded.has('createdtime') && { createdTime: TIME },
    ...expanded.has('changedtime') && { changedTime: TIME },
    ...expanded.has('provisioningstate') && { provisioningState }
  }
}
