import { derivedId } from '../../core/ids.js'
import { instanceIdOf } from '../../core/resource-id.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { addressesOf } from './addresses.js'
import { belongingsOf, scaleSetIdOf } from './names.js'
import { networkOfInstances } from './scale-set.js'

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
