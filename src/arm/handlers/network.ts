import { virtualMachineId } from '../../core/resource-id.js'
import { NETWORK_SUFFIXES } from '../../core/resource-names.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { networkInterfaceDocument, publicIpAddressDocument } from '../documents/network.js'
import { ArmError } from '../errors/arm-error.js'
import { gatewayJson, serviceJson, type ArmResponse } from '../responses/arm-response.js'
import type { Handlers, Services } from './handler-types.js'

type NetworkHandlers = Pick<Handlers, 'NetworkInterfaces_Get' | 'NetworkInterfaces_List' | 'NetworkInterfaces_ListAll' |
  'PublicIPAddresses_Get' | 'PublicIPAddresses_List' | 'PublicIPAddresses_ListAll'>

/** The resource group of a requested network resource. */
interface Place {
  readonly subscriptionId: string
  readonly resourceGroupName: string
}

/** The network interfaces and public addresses: exactly one of each for each machine. */
export function networkHandlers ({ virtualMachines }: Services): NetworkHandlers {
  return {
    NetworkInterfaces_Get: ({ params }) => serviceJson(networkInterfaceDocument(
      ownerOf(params, 'networkInterfaces', params.networkInterfaceName, NETWORK_SUFFIXES.networkInterface))),
    NetworkInterfaces_List: ({ params: { subscriptionId, resourceGroupName } }) =>
      listed(virtualMachines.list(subscriptionId, resourceGroupName), networkInterfaceDocument),
    NetworkInterfaces_ListAll: ({ params: { subscriptionId } }) =>
      listed(virtualMachines.list(subscriptionId), networkInterfaceDocument),
    PublicIPAddresses_Get: ({ params }) => serviceJson(publicIpAddressDocument(
      ownerOf(params, 'publicIPAddresses', params.publicIpAddressName, NETWORK_SUFFIXES.publicIpAddress))),
    PublicIPAddresses_List: ({ params: { subscriptionId, resourceGroupName } }) =>
      listed(virtualMachines.list(subscriptionId, resourceGroupName), publicIpAddressDocument),
    PublicIPAddresses_ListAll: ({ params: { subscriptionId } }) =>
      listed(virtualMachines.list(subscriptionId), publicIpAddressDocument)
  }

  /** The machine that a network resource belongs to. Throws if there is none. */
  function ownerOf ({ subscriptionId, resourceGroupName }: Place, type: string, name: string,
    suffix: string): VirtualMachine {
    const machine = name.slice(0, -suffix.length)
    const isOfMachine = machine !== '' && name.toLowerCase().endsWith(suffix.toLowerCase())
    const id = virtualMachineId(subscriptionId, resourceGroupName, machine)
    const vm = isOfMachine ? virtualMachines.find(id) : undefined
    if (vm !== undefined) return vm
    throw new ArmError('ResourceNotFound', { type: `Microsoft.Network/${type}`, name, resourceGroup: resourceGroupName })
  }
}

function listed (machines: readonly VirtualMachine[], documentOf: (vm: VirtualMachine) => object): ArmResponse {
  const value = machines.map(documentOf)
  return value.length === 0 ? gatewayJson({ value }) : serviceJson({ value })
}
