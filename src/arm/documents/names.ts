import { derivedId } from '../../core/ids.js'
import type { VirtualMachine } from '../../core/virtual-machines.js'
import { SUFFIXES } from './network.js'

/** The ids and the names of what belongs to a machine, none of which is declared: always the same for one machine. */
export interface Belongings {
  readonly vmId: string
  readonly osDisk: { readonly name: string, readonly id: string }
  readonly networkInterfaceId: string
}

export function belongingsOf ({ id: { subscriptionId, resourceGroup, name, text } }: VirtualMachine): Belongings {
  const disk = `${name}_OsDisk_1_${derivedId(`${text}/osDisk`).replaceAll('-', '')}`
  const providers = (group: string) => `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers`
  return {
    vmId: derivedId(text),
    // The group of a disk that was created with its machine is in upper case (recorded: java_power_vm).
    osDisk: { name: disk, id: `${providers(resourceGroup!.toUpperCase())}/Microsoft.Compute/disks/${disk}` },
    networkInterfaceId: `${providers(resourceGroup!)}/Microsoft.Network/networkInterfaces/${name}${SUFFIXES.networkInterface}`
  }
}
