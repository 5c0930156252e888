import { allOf, then } from '../../core/maybe-promise.js'
import { provisioningStateOf } from '../documents/instance-view.js'
import { networkInterfaceDocument, publicIpAddressDocument } from '../documents/network.js'
import { scaleSetDocument } from '../documents/scale-set.js'
import { CREATION } from '../documents/times.js'
import { virtualMachineDocument } from '../documents/virtual-machine.js'
import { ArmError } from '../errors/arm-error.js'
import { invalidFilter } from '../errors/invalid-value.js'
import { gatewayJson } from '../responses/arm-response.js'
import { firstOf } from './first-of.js'
import type { Handlers, Services } from './handler-types.js'

const TIME = CREATION.created.replace('+00:00', 'Z')

/** The forms of documents differ only in members that this list does not show. */
const FORM = { responseForm: 'current', apiVersion: '2024-07-01' } as const

/** Resources of all types, which Resource Manager itself lists. Terraform deletes a group only if it has none. */
export function resourceListHandlers (services: Services): Pick<Handlers, 'Resources_List' | 'Resources_ListByResourceGroup'> {
  const { machineStates, scaleSets, virtualMachines } = services
  return {
    Resources_List: ({ params: { subscriptionId }, query }) => list(query, subscriptionId),
    Resources_ListByResourceGroup: ({ params: { subscriptionId, resourceGroupName }, query }) =>
      list(query, subscriptionId, resourceGroupName)
  }

  function list ({ $filter = '', $expand = '', $top }: ListQuery, subscriptionId: string, resourceGroup?: string) {
    const isListed = matching($filter)
    const expanded = new Set($expand.toLowerCase().split(',').map(name => name.trim()))
    const machines = virtualMachines.list(subscriptionId, resourceGroup)
    const sets = scaleSets.list(subscriptionId, resourceGroup)
    return then(allOf(machines.map(vm => machineStates.read(vm))), conditions => {
      const resources = [
        ...machines.flatMap((vm, index) => {
          const condition = conditions[index]!
          return [
            modelOf(virtualMachineDocument(vm, condition, FORM), expanded, provisioningStateOf(condition)),
            modelOf(networkInterfaceDocument(vm, FORM.apiVersion), expanded),
            modelOf(publicIpAddressDocument(vm), expanded)
          ]
        }),
        ...sets.map(set => modelOf(scaleSetDocument(set, FORM), expanded))
      ].filter(isListed)
      return gatewayJson({ value: firstOf(resources, $top) })
    })
  }
}

/** The query of a list. */
interface ListQuery {
  readonly $filter?: string
  readonly $expand?: string
  readonly $top?: number
}

interface Document {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly location: string
  readonly tags?: Readonly<Record<string, string>>
}

/** The members are documented, their order is inferred. */
function modelOf ({ id, name, type, location, tags = {} }: Document, expanded: ReadonlySet<string>,
  provisioningState = 'Succeeded') {
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

/** The members that a filter can compare, as it names them. */
const COMPARED: ReadonlyMap<string, (resource: Document) => string> = new Map([
  ['location', ({ location }) => location],
  ['name', ({ name }) => name],
  ['resourcegroup', ({ id }) => id.split('/')[4]!],
  ['resourcetype', ({ type }) => type]
])

/** Words of Azure's filters (documented). A filter without any of them is not valid on Azure either. */
const AZURES = /\b(?:identity|location|name|plan|resourceGroup|resourceType|substringof|tagName|tagValue)\b/i

/** The filters that azrun knows, for the log. */
const KNOWN = "MEMBER eq 'TEXT' (several with and) of location, name, resourceGroup and resourceType"

const COMPARISON = /(\w+)\s+eq\s+'([^']*)'/gi

/** A filter of comparisons only. */
const COMPARISONS = new RegExp(`^\\s*${COMPARISON.source}(?:\\s+and\\s+${COMPARISON.source})*\\s*$`, 'i')

/** Returns a test of resources, which ignores case. az joins the comparisons of its options with `and`. */
function matching (filter: string): (resource: Document) => boolean {
  if (filter === '') return () => true
  if (!COMPARISONS.test(filter)) throw unknown(filter)
  const comparisons = Array.from(filter.matchAll(COMPARISON), ([, member, value]) => {
    const compared = COMPARED.get(member!.toLowerCase())
    if (compared === undefined) throw unknown(filter)
    return (resource: Document) => compared(resource).toLowerCase() === value!.toLowerCase()
  })
  return resource => comparisons.every(matches => matches(resource))
}

function unknown (filter: string): ArmError {
  const isAzures = AZURES.test(filter.replaceAll(/'[^']*'/g, ''))
  return isAzures ? new ArmError('ResourceFilterUnknown', { filter }) : invalidFilter(filter, KNOWN)
}
