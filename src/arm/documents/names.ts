import { derivedId } from '../../core/ids.js'
import { instanceIdOf, scaleSetId, type ResourceId } from '../../core/resource-id.js'
import { NETWORK_SUFFIXES } from '../../core/resource-names.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'

/** The ids and names of resources that belong to a machine. They are made up, and always the same for a machine. */
export interface Belongings {
  readonly vmId: string
  readonly osDisk: { readonly name: string, readonly id: string }
  /** With the name that `az vm create` gives it. */
  readonly networkInterfaceId: string
}

export function belongingsOf (vm: VirtualMachine): Belongings {
  if (vm.scaleSet !== undefined) return belongingsOfInstance(vm)
  const { id: { subscriptionId, resourceGroup, name, text } } = vm
  const disk = `${name}_OsDisk_1_${derivedId(`${text}/osDisk`).replaceAll('-', '')}`
  const providers = (group: string) => `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers`
  return {
    vmId: derivedId(text),
    // The resource group of a disk that was created with its machine is in upper case (recorded: java_power_vm).
    osDisk: { name: disk, id: `${providers(resourceGroup!.toUpperCase())}/Microsoft.Compute/disks/${disk}` },
    networkInterfaceId: `${providers(resourceGroup!)}/Microsoft.Network/networkInterfaces/${name}${NETWORK_SUFFIXES.networkInterface}`
  }
}

/** The names are as in azcli_power_vmss_2024-07-01. */
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

/** The id of an instance's scale set, in its canonical case: the request's path may be in any case. */
export function scaleSetIdOf ({ id: { subscriptionId, resourceGroup }, scaleSet }: VirtualMachine): ResourceId {
  return scaleSetId(subscriptionId, resourceGroup!, scaleSet!.name)
}

/** The prefix of the names of a set's instances and their networks, as `az vmss create` derives it from the name. */
export function computerNamePrefixOf ({ name, text }: ResourceId): string {
  return `${name.slice(0, 5)}${derivedId(text).slice(0, 4)}`
}
