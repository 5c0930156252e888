import { derivedId } from '../../core/ids.js'
import { NETWORK_SUFFIXES } from '../../core/resource-names.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { networkInterfaceMembers } from '../responses/form.js'
import { addressesOf } from './addresses.js'

/** The names and addresses of a machine's network. */
function networkOf ({ id: { subscriptionId, resourceGroup, name, text } }: VirtualMachine) {
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
  const idOf = (type: string, suffix: string) => `${group}/providers/Microsoft.Network/${type}/${name}${suffix}`
  const networkInterface = idOf('networkInterfaces', NETWORK_SUFFIXES.networkInterface)
  return {
    networkInterface,
    configuration: { name: `ipconfig${name}`, id: `${networkInterface}/ipConfigurations/ipconfig${name}` },
    publicIpAddress: idOf('publicIPAddresses', NETWORK_SUFFIXES.publicIpAddress),
    subnet: `${idOf('virtualNetworks', 'VNET')}/subnets/${name}Subnet`,
    securityGroup: idOf('networkSecurityGroups', 'NSG'),
    virtualMachine: `${group}/providers/Microsoft.Compute/virtualMachines/${name}`,
    ...addressesOf(text)
  }
}

/**
 * The network interface of a machine, in the order of Microsoft.Network (recorded: azure-cli's test_network_nic in
 * January 2024, and test_vm_show_list_sizes_list_ip_addresses in 2023).
 */
export function networkInterfaceDocument (vm: VirtualMachine, apiVersion: string) {
  const network = networkOf(vm)
  const { networkInterface, configuration, etag } = network
  const { hasWorkloads, hasAuxiliary } = networkInterfaceMembers(apiVersion)
  return {
    name: `${vm.id.name}${NETWORK_SUFFIXES.networkInterface}`,
    id: networkInterface,
    etag,
    properties: {
      provisioningState: 'Succeeded',
      resourceGuid: derivedId(networkInterface),
      ipConfigurations: [{
        ...configuration,
        etag,
        type: 'Microsoft.Network/networkInterfaces/ipConfigurations',
        properties: {
          provisioningState: 'Succeeded',
          privateIPAddress: network.privateAddress,
          privateIPAllocationMethod: 'Dynamic',
          publicIPAddress: { id: network.publicIpAddress },
          subnet: { id: network.subnet },
          primary: true,
          privateIPAddressVersion: 'IPv4'
        }
      }],
      dnsSettings: { dnsServers: [], appliedDnsServers: [], internalDomainNameSuffix: network.domain },
      macAddress: network.macAddress,
      enableAcceleratedNetworking: false,
      ...hasWorkloads && { vnetEncryptionSupported: false },
      enableIPForwarding: false,
      ...hasAuxiliary && { disableTcpStateTracking: false },
      networkSecurityGroup: { id: network.securityGroup },
      primary: true,
      virtualMachine: { id: network.virtualMachine },
      ...hasWorkloads && { hostedWorkloads: [], tapConfigurations: [] },
      nicType: 'Standard',
      ...hasWorkloads && { allowPort25Out: true },
      ...hasAuxiliary && { auxiliaryMode: 'None', auxiliarySku: 'None' }
    },
    type: 'Microsoft.Network/networkInterfaces',
    location: vm.location,
    ...hasWorkloads && { kind: 'Regular' }
  }
}

/** The public address of a machine (recorded: the session of 2023). */
export function publicIpAddressDocument (vm: VirtualMachine) {
  const { publicIpAddress, publicAddress, configuration, etag } = networkOf(vm)
  return {
    name: `${vm.id.name}${NETWORK_SUFFIXES.publicIpAddress}`,
    id: publicIpAddress,
    etag,
    location: vm.location,
    properties: {
      provisioningState: 'Succeeded',
      resourceGuid: derivedId(publicIpAddress),
      ipAddress: publicAddress,
      publicIPAddressVersion: 'IPv4',
      publicIPAllocationMethod: 'Static',
      idleTimeoutInMinutes: 4,
      ipTags: [],
      ipConfiguration: { id: configuration.id }
    },
    type: 'Microsoft.Network/publicIPAddresses',
    sku: { name: 'Standard', tier: 'Regional' }
  }
}
