import { derivedId } from '../../core/ids.js'
import { instanceIdOf } from '../../core/resource-id.js'
import { NETWORK_SUFFIXES } from '../../core/resource-names.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { networkInterfaceMembers } from '../responses/form.js'
import { belongingsOf, scaleSetIdOf } from './names.js'
import { networkOfInstances } from './scale-set.js'

/** Address ranges for documentation (RFC 5737), so that a machine's public address belongs to nobody. */
const PUBLIC_RANGES = ['192.0.2', '198.51.100', '203.0.113']

/** The addresses of a machine or an instance. They are always the same for a path. */
function addressesOf (text: string) {
  const [a = 0, b = 0, c = 0, d = 0] = Buffer.from(derivedId(`${text}/network`).replaceAll('-', ''), 'hex')
  // Azure reserves the first four addresses of a subnet, and the last one is for broadcasts.
  const host = 4 + d % 251
  return {
    privateAddress: `10.${b}.${c}.${host}`,
    publicAddress: `${PUBLIC_RANGES[a % PUBLIC_RANGES.length]}.${host}`,
    // Microsoft's prefix for virtual hardware.
    macAddress: ['00', '0D', '3A', ...[a, b, c].map(byte => byte.toString(16).toUpperCase().padStart(2, '0'))].join('-'),
    domain: `${derivedId(`${text}/network/domain`).replaceAll('-', '').slice(0, 26)}.xx.internal.cloudapp.net`,
    etag: `W/"${derivedId(`${text}/network/etag`)}"`
  }
}

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

/**
 * The network interface of an instance of a scale set, in the order of Microsoft.Network (recorded: azure-cli's
 * test_vmss_nics in 2021, except where the security group is).
 */
export function instanceInterfaceDocument (vm: VirtualMachine) {
  const set = scaleSetIdOf(vm)
  const machine = instanceIdOf(set, vm.id.name).text
  const { interfaceName, configurationName, networkSecurityGroup, ...network } = networkOfInstances(set)
  const id = belongingsOf(vm).networkInterfaceId
  const { privateAddress, macAddress, domain, etag } = addressesOf(machine)
  return {
    name: interfaceName,
    id,
    etag,
    properties: {
      provisioningState: 'Succeeded',
      resourceGuid: derivedId(id),
      ipConfigurations: [{
        name: configurationName,
        id: `${id}/ipConfigurations/${configurationName}`,
        etag,
        properties: {
          provisioningState: 'Succeeded',
          privateIPAddress: privateAddress,
          privateIPAllocationMethod: 'Dynamic',
          subnet: network.subnet,
          primary: true,
          privateIPAddressVersion: 'IPv4',
          loadBalancerBackendAddressPools: network.loadBalancerBackendAddressPools
        }
      }],
      dnsSettings: { dnsServers: [], appliedDnsServers: [], internalDomainNameSuffix: domain },
      macAddress,
      enableAcceleratedNetworking: false,
      enableIPForwarding: false,
      networkSecurityGroup,
      primary: true,
      virtualMachine: { id: machine },
      hostedWorkloads: [],
      tapConfigurations: []
    }
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
