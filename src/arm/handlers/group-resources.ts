import { allOf, then } from '../../core/maybe-promise.js'
import { provisioningStateOf } from '../documents/instance-view.js'
import { networkInterfaceDocument, publicIpAddressDocument } from '../documents/network.js'
import { scaleSetDocument } from '../documents/scale-set.js'
import { CREATION } from '../documents/times.js'
import { virtualMachineDocument } from '../documents/virtual-machine.js'
import { invalidFilter } from '../errors/invalid-value.js'
import { gatewayJson } from '../responses/arm-response.js'
import type { Handlers, Services } from './handler-types.js'

const TIME = CREATION.created.replace('+00:00', 'Z')

/** The forms of documents differ only in members that this list does not show. */
const FORM = { responseForm: 'current', apiVersion: '2024-07-01' } as const

/** The resources of a group, which Resource Manager itself lists. Terraform deletes a group only if it has none. */
export function groupResourceHandlers (services: Services): Pick<Handlers, 'Resources_ListByResourceGroup'> {
  const { machineStates, scaleSets, virtualMachines } = services
  return {
    Resources_ListByResourceGroup: ({ params: { subscriptionId, resourceGroupName }, query }) => {
      const { $filter = '', $expand = '', $top } = query
      const isListed = matching($filter)
      const expanded = new Set($expand.toLowerCase().split(',').map(name => name.trim()))
      const machines = virtualMachines.list(subscriptionId, resourceGroupName)
      const sets = scaleSets.list(subscriptionId, resourceGroupName)
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
        ].filter(({ type }) => isListed(type))
        return gatewayJson({ value: $top === undefined ? resources : resources.slice(0, Math.max(0, Number($top))) })
      })
    }
  }
}

interface Document {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly location: string
}

/** The members are documented, their order is inferred. */
function modelOf ({ id, name, type, location }: Document, expanded: ReadonlySet<string>, provisioningState = 'Succeeded') {
  return {
    id,
    name,
    type,
    location,
    ...expanded.has('createdtime') && { createdTime: TIME },
    ...expanded.has('changedtime') && { changedTime: TIME },
    ...expanded.has('provisioningstate') && { provisioningState }
  }
}

/** Returns a test of a type, which is case-insensitive. */
function matching (filter: string): (type: string) => boolean {
  if (filter === '') return () => true
  const [, asked] = /^\s*resourcetype\s+eq\s+'([^']*)'\s*$/i.exec(filter) ?? []
  if (asked === undefined) throw invalidFilter(filter, "resourceType eq 'TYPE'")
  return type => type.toLowerCase() === asked.toLowerCase()
}
