import { derivedId } from '../../core/ids.js'
import { NETWORK_SUFFIXES } from '../../core/resource-names.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { networkInterfaceMembers } from '../responses/form.js'

/** Address ranges for documentation (RFC 5737), so that a machine's public address belongs to nobody. */
const PUBLIC_RANGES = ['192.0.2', '198.51.100', '203.0.113']

/** The names and addresses of a machine's network. They are always the same for a machine. */
function networkOf ({ id: { subscriptionId, resourceGroup, name, text } }: VirtualMachine) {
  const [a = 0, b = 0, c = 0, d = 0] = Buffer.from(derivedId(`${text}/network`).replaceAll('-', ''), 'hex')
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`
  const idOf = (type: string, suffix: string) => `${group}/providers/Microsoft.Network/${type}/${name}${suffix}`
  const networkInterface = idOf('networkInterfaces', NETWORK_SUFFIXES.networkInterface)
  // Azure reserves the first four addresses of a subnet, and the last one is for broadcasts.
  const host = 4 + d % 251
  return {
    networkInterface,
    configuration: { name: `ipconfig${name}`, id: `${networkInterface}/ipConfigurations/ipconfig${name}` },
    publicIpAddress: idOf('publicIPAddresses', NETWORK_SUFFIXES.publicIpAddress),
    subnet: `${idOf('virtualNetworks', 'VNET')}/subnets/${name}Subnet`,
    securityGroup: idOf('networkSecurityGroups', 'NSG'),
    virtualMachine: `${group}/providers/Microsoft.Compute/virtualMachines/${name}`,
    privateAddress: `10.${b}.${c}.${host}`,
    publicAddress: `${PUBLIC_RANGES[a % PUBLIC_RANGES.length]}.${host}`,
    // Microsoft's prefix for virtual hardware.
    macAddress: ['00', '0D', '3A', ...[a, b, c].map(byte => byte.toString(16).toUpperCase().padStart(2, '0'))].join('-'),
    domain: `${derivedId(`${text}/network/domain`).replaceAll('-', '').slice(0, 26)}.xx.internal.cloudapp.net`,
    etag: `W/"${derivedId(`${text}/network/etag`)}"`
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
