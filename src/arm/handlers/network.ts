import { virtualMachineId } from '../../core/resource-id.js'
import { NETWORK_SUFFIXES } from '../../core/resource-names.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { networkInterfaceDocument, publicIpAddressDocument } from '../documents/network.js'
import { ArmError } from '../errors/arm-error.js'
import { gatewayJson, type ArmResponse } from '../responses/arm-response.js'
import { hasCompactNetworks } from '../responses/form.js'
import { indented } from '../responses/json-text.js'
import type { Handlers, Services } from './handler-types.js'

type NetworkHandlers = Pick<Handlers, 'NetworkInterfaces_Get' | 'NetworkInterfaces_List' | 'NetworkInterfaces_ListAll' |
  'PublicIPAddresses_Get' | 'PublicIPAddresses_List' | 'PublicIPAddresses_ListAll'>

/** The resource group of a requested network resource. */
interface Place {
  readonly subscriptionId: string
  readonly resourceGroupName: string
}

interface Asked {
  readonly apiVersion: string
}

type DocumentOf = (vm: VirtualMachine, apiVersion: string) => { readonly etag: string }

/** The network interfaces and public addresses: exactly one of each for each machine. */
export function networkHandlers ({ newId, virtualMachines }: Services): NetworkHandlers {
  return {
    NetworkInterfaces_Get: request => {
      const { networkInterfaceName, ...place } = request.params
      const vm = ownerOf(place, 'networkInterfaces', networkInterfaceName, NETWORK_SUFFIXES.networkInterface)
      return shown(request, vm, networkInterfaceDocument)
    },
    NetworkInterfaces_List: request => listed(request, ofGroup(request.params), networkInterfaceDocument),
    NetworkInterfaces_ListAll: request =>
      listedByGateway(request, virtualMachines.list(request.params.subscriptionId), networkInterfaceDocument),
    PublicIPAddresses_Get: request => {
      const { publicIpAddressName, ...place } = request.params
      const vm = ownerOf(place, 'publicIPAddresses', publicIpAddressName, NETWORK_SUFFIXES.publicIpAddress)
      return shown(request, vm, publicIpAddressDocument)
    },
    PublicIPAddresses_List: request => listed(request, ofGroup(request.params), publicIpAddressDocument),
    PublicIPAddresses_ListAll: request =>
      listedByGateway(request, virtualMachines.list(request.params.subscriptionId), publicIpAddressDocument)
  }

  function ofGroup ({ subscriptionId, resourceGroupName }: Place): readonly VirtualMachine[] {
    return virtualMachines.list(subscriptionId, resourceGroupName)
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

  /** One resource. Its etag is in a header, too (recorded: azure-cli's test_network_nic in 2024). */
  function shown ({ apiVersion }: Asked, vm: VirtualMachine, documentOf: DocumentOf): ArmResponse {
    const document = documentOf(vm, apiVersion)
    return ofNetwork(apiVersion, document, ['ETag', document.etag])
  }

  function listed ({ apiVersion }: Asked, machines: readonly VirtualMachine[], documentOf: DocumentOf): ArmResponse {
    const value = machines.map(vm => documentOf(vm, apiVersion))
    return value.length === 0 ? gatewayJson({ value }) : ofNetwork(apiVersion, { value })
  }

  /**
   * The list of a subscription, which Resource Manager puts together; it names its requests of Microsoft.Network
   * (recorded: azure-cli's test_vm_show_list_sizes_list_ip_addresses in 2023).
   */
  function listedByGateway ({ apiVersion }: Asked, machines: readonly VirtualMachine[],
    documentOf: DocumentOf): ArmResponse {
    const value = machines.map(vm => documentOf(vm, apiVersion))
    return { ...gatewayJson({ value }), headers: ['x-ms-original-request-ids', newId()] }
  }

  function ofNetwork (apiVersion: string, value: object, headers: readonly string[] = []): ArmResponse {
    const body = hasCompactNetworks(apiVersion) ? JSON.stringify(value) : indented(value)
    return { status: 200, layer: 'service', body, headers: [...headers, 'x-ms-arm-service-request-id', newId()] }
  }
}
