import { derivedId } from '../../core/ids.js'
import { instanceIdOf, scaleSetId, type ResourceId } from '../../core/resource-id.js'
import type { VirtualMachine } from '../../core/virtual-machines.js'
import { NETWORK_SUFFIXES } from '../../core/resource-names.js'

/** The ids and the names of what belongs to a machine, none of which is declared: always the same for one machine. */
export interface Belongings {
  readonly vmId: string
  readonly osDisk: { readonly name: string, readonly id: string }
  /** As `az vm create` names it. */
  readonly networkInterfaceId: string
}

export function belongingsOf (vm: VirtualMachine): Belongings {
  if (vm.scaleSet !== undefined) return belongingsOfInstance(vm)
  const { id: { subscriptionId, resourceGroup, name, text } } = vm
  const disk = `${name}_OsDisk_1_${derivedId(`${text}/osDisk`).replaceAll('-', '')}`
  const providers = (group: string) => `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers`
  return {
    vmId: derivedId(text),
    // The group of a disk that was created with its machine is in upper case (recorded: java_power_vm).
    osDisk: { name: disk, id: `${providers(resourceGroup!.toUpperCase())}/Microsoft.Compute/disks/${disk}` },
    networkInterfaceId: `${providers(resourceGroup!)}/Microsoft.Network/networkInterfaces/${name}${NETWORK_SUFFIXES.networkInterface}`
  }
}

/** The names are those of azcli_power_vmss_2024-07-01. */
function belongingsOfInstance (vm: VirtualMachine): Belongings {
  const { subscriptionId, resourceGroup, name: instanceId } = vm.id
  const scaleSet = scaleSetIdOf(vm)
  const { text } = instanceIdOf(scaleSet, instanceId)
  const disk = `${scaleSet.name}${scaleSet.name}_OS__1_${derivedId(`${text}/osDisk`).replaceAll('-', '')}`
  const compute = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute`
  return {
    vmId: derivedId(text),
    osDisk: { name: disk, id: `${compute}/disks/${disk}` },
    networkInterfaceId: `${text}/networkInterfaces/${computerNamePrefixOf(scaleSet)}Nic`
  }
}

/** The set that an instance belongs to. The path is made anew: that of a request may be in any case. */
export function scaleSetIdOf ({ id: { subscriptionId, resourceGroup }, scaleSet }: VirtualMachine): ResourceId {
  return scaleSetId(subscriptionId, resourceGroup!, scaleSet!.name)
}

/** What the names of a set's instances and of their networks begin with: as `az vmss create` makes it from the name. */
export function computerNamePrefixOf ({ name, text }: ResourceId): string {
  return `${name.slice(0, 5)}${derivedId(text).slice(0, 4)}`
}
