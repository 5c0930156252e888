import { virtualMachineId } from '../../core/resource-id.js'
import { NETWORK_SUFFIXES } from '../../core/resource-names.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { instanceInterfaceDocument } from '../documents/instance-interface.js'
import { networkInterfaceDocument, publicIpAddressDocument } from '../documents/network.js'
import { ArmError } from '../errors/arm-error.js'
import { resourceNotFound } from '../resources/finder.js'
import { gatewayJson, type ArmResponse } from '../responses/arm-response.js'
import { hasCompactNetworks } from '../responses/form.js'
import { indented } from '../responses/json-text.js'
import type { ArmRequest, Handlers, Services } from './handler-types.js'

type NetworkHandlers = Pick<Handlers, 'NetworkInterfaces_Get' | 'NetworkInterfaces_List' | 'NetworkInterfaces_ListAll' |
  'NetworkInterfaces_GetVirtualMachineScaleSetNetworkInterface' |
  'NetworkInterfaces_ListVirtualMachineScaleSetNetworkInterfaces' |
  'NetworkInterfaces_ListVirtualMachineScaleSetVMNetworkInterfaces' |
  'PublicIPAddresses_Get' | 'PublicIPAddresses_List' | 'PublicIPAddresses_ListAll'>

/** A kind of network resource, of which each machine has one. */
interface Kind {
  readonly type: string
  /** What the name of one adds to its machine's. */
  readonly suffix: string
  documentOf (vm: VirtualMachine, apiVersion: string): { readonly etag: string }
}

const INTERFACE: Kind = {
  type: 'Microsoft.Network/networkInterfaces', suffix: NETWORK_SUFFIXES.networkInterface, documentOf: networkInterfaceDocument
}
const ADDRESS: Kind = {
  type: 'Microsoft.Network/publicIPAddresses', suffix: NETWORK_SUFFIXES.publicIpAddress, documentOf: publicIpAddressDocument
}

type OneOf = ArmRequest<'NetworkInterfaces_Get' | 'PublicIPAddresses_Get'>
type OneOfInstance = ArmRequest<'NetworkInterfaces_GetVirtualMachineScaleSetNetworkInterface'>
type OfGroup = ArmRequest<'NetworkInterfaces_List' | 'PublicIPAddresses_List'>
type OfSubscription = ArmRequest<'NetworkInterfaces_ListAll' | 'PublicIPAddresses_ListAll'>

/**
 * The network interfaces and public addresses: exactly one of each for each machine. An instance of a scale set has
 * only an interface.
 */
export function networkHandlers ({ newId, scaleSets, virtualMachines }: Services): NetworkHandlers {
  return {
    NetworkInterfaces_Get: request => one(request, INTERFACE, request.params.networkInterfaceName),
    NetworkInterfaces_List: request => ofGroup(request, INTERFACE),
    NetworkInterfaces_ListAll: request => ofSubscription(request, INTERFACE),
    NetworkInterfaces_GetVirtualMachineScaleSetNetworkInterface: request => ofInstance(request),
    NetworkInterfaces_ListVirtualMachineScaleSetNetworkInterfaces: ({ apiVersion, scaleSet }) =>
      ofNetwork(apiVersion, { value: scaleSets.instances(scaleSet).map(instanceInterfaceDocument) }),
    NetworkInterfaces_ListVirtualMachineScaleSetVMNetworkInterfaces: ({ apiVersion, vm }) =>
      ofNetwork(apiVersion, { value: [instanceInterfaceDocument(vm)] }),
    PublicIPAddresses_Get: request => one(request, ADDRESS, request.params.publicIpAddressName),
    PublicIPAddresses_List: request => ofGroup(request, ADDRESS),
    PublicIPAddresses_ListAll: request => ofSubscription(request, ADDRESS)
  }

  /** One resource. Its etag is in a header, too (recorded: azure-cli's test_network_nic in 2024). */
  function one ({ apiVersion, params }: OneOf, kind: Kind, name: string): ArmResponse {
    return withEtag(apiVersion, kind.documentOf(ownerOf(params, kind, name), apiVersion))
  }

  /** The one interface of an instance (recorded: azure-cli's test_vmss_nics). */
  function ofInstance ({ apiVersion, vm, named, params: { networkInterfaceName } }: OneOfInstance): ArmResponse {
    const document = instanceInterfaceDocument(vm)
    if (document.name.toLowerCase() !== networkInterfaceName.toLowerCase()) throw resourceNotFound(named!.resource)
    return withEtag(apiVersion, document)
  }

  function ofGroup ({ apiVersion, params: { subscriptionId, resourceGroupName } }: OfGroup,
    { documentOf }: Kind): ArmResponse {
    const value = virtualMachines.list(subscriptionId, resourceGroupName).map(vm => documentOf(vm, apiVersion))
    return value.length === 0 ? gatewayJson({ value }) : ofNetwork(apiVersion, { value })
  }

  /**
   * The list of a subscription, which Resource Manager puts together; it names its requests of Microsoft.Network
   * (recorded: azure-cli's test_vm_show_list_sizes_list_ip_addresses in 2023).
   */
  function ofSubscription ({ apiVersion, params: { subscriptionId } }: OfSubscription,
    { documentOf }: Kind): ArmResponse {
    const value = virtualMachines.list(subscriptionId).map(vm => documentOf(vm, apiVersion))
    return { ...gatewayJson({ value }), headers: ['x-ms-original-request-ids', newId()] }
  }

  /** The machine that a network resource belongs to. Throws if there is none. */
  function ownerOf ({ subscriptionId, resourceGroupName }: OneOf['params'], { type, suffix }: Kind,
    name: string): VirtualMachine {
    const machine = name.slice(0, -suffix.length)
    const isOfMachine = machine !== '' && name.toLowerCase().endsWith(suffix.toLowerCase())
    const id = virtualMachineId(subscriptionId, resourceGroupName, machine)
    const vm = isOfMachine ? virtualMachines.find(id) : undefined
    if (vm !== undefined) return vm
    throw new ArmError('ResourceNotFound', { type, name, resourceGroup: resourceGroupName })
  }

  function withEtag (apiVersion: string, document: { readonly etag: string }): ArmResponse {
    return ofNetwork(apiVersion, document, ['ETag', document.etag])
  }

  function ofNetwork (apiVersion: string, value: object, headers: readonly string[] = []): ArmResponse {
    const body = hasCompactNetworks(apiVersion) ? JSON.stringify(value) : indented(value)
    return { status: 200, layer: 'service', body, headers: [...headers, 'x-ms-arm-service-request-id', newId()] }
  }
}
