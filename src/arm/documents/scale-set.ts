import { derivedId } from '../../core/ids.js'
import { scaleSetId } from '../../core/resource-id.js'
import type { MachineCondition } from '../../resources/machine-states.js'
import type { ScaleSet } from '../../resources/scale-sets.js'
import { hasInstanceEtag, hasTimeCreated } from '../responses/form.js'
import { imageOf, systemOf } from './image.js'
import { provisioningStateOf } from './instance-view.js'
import { computerNamePrefixOf } from './names.js'
import { CREATION } from './times.js'

/** The size of every instance: the default of `az vmss create`. */
export const SKU = { name: 'Standard_DS1_v2', tier: 'Standard' } as const

/** The number of update and fault domains (recorded: azcli_power_vmss_2024-07-01). */
export const DOMAINS = 5

/** It never changes, because no operation of azrun changes a scale set itself. */
export const SCALE_SET_ETAG = '"2"'

/**
 * A scale set in the order of the service (recorded: azcli_power_vmss_2024-07-01, exchange 15; in the older form it is
 * inferred). Undeclared properties are plausible and always the same.
 */
export function scaleSetDocument (scaleSet: ScaleSet, { apiVersion }: { readonly apiVersion: string }) {
  const { id: { subscriptionId, resourceGroup, name }, location, tags = {}, instanceIds } = scaleSet
  // In canonical case, because the request's path may be in any case.
  const id = scaleSetId(subscriptionId, resourceGroup!, name).text
  const timeCreated = hasTimeCreated(apiVersion) && { timeCreated: CREATION.created }
  return {
    name,
    id,
    type: 'Microsoft.Compute/virtualMachineScaleSets',
    location,
    tags,
    sku: { ...SKU, capacity: instanceIds.length },
    ...hasInstanceEtag(apiVersion) && { etag: SCALE_SET_ETAG },
    properties: {
      singlePlacementGroup: true,
      orchestrationMode: 'Uniform',
      upgradePolicy: { mode: 'Manual' },
      virtualMachineProfile: { ...profileOf(scaleSet), ...timeCreated },
      provisioningState: 'Succeeded',
      overprovision: true,
      doNotRunExtensionsOnOverprovisionedVMs: false,
      uniqueId: derivedId(id),
      platformFaultDomainCount: DOMAINS,
      ...timeCreated
    }
  }
}

/** The number of instances in each provisioning state, in order of first occurrence (documented). */
export function scaleSetViewOf (conditions: readonly MachineCondition[]) {
  const counts = new Map<string, number>()
  for (const condition of conditions) {
    const code = `ProvisioningState/${provisioningStateOf(condition).toLowerCase()}`
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return {
    virtualMachine: { statusesSummary: [...counts].map(([code, count]) => ({ code, count })) },
    statuses: [{
      code: 'ProvisioningState/succeeded',
      level: 'Info',
      displayStatus: 'Provisioning succeeded',
      time: CREATION.provisioned
    }]
  }
}

function profileOf (scaleSet: ScaleSet) {
  const { reference: { exactVersion, ...imageReference }, diskSizeGB } = imageOf(scaleSet)
  return {
    osProfile: { computerNamePrefix: computerNamePrefixOf(scaleSet.id), ...osProfileOf(scaleSet) },
    storageProfile: {
      osDisk: {
        osType: systemOf(scaleSet),
        createOption: 'FromImage',
        caching: 'ReadWrite',
        managedDisk: { storageAccountType: 'Premium_LRS' },
        diskSizeGB
      },
      imageReference
    },
    networkProfile: networkConfigurationOf(scaleSet.id)
  }
}

/** The system of instances, without their names (recorded for Linux; for Windows inferred from virtual machines). */
export function osProfileOf (machine: Parameters<typeof systemOf>[0]) {
  const configuration = systemOf(machine) === 'Windows'
    ? { windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true } }
    : { linuxConfiguration: { disablePasswordAuthentication: false, provisionVMAgent: true } }
  return {
    adminUsername: 'azureuser',
    ...configuration,
    secrets: [],
    allowExtensionOperations: true,
    requireGuestProvisionSignal: true
  }
}

/** The names and parts of the network that `az vmss create` creates with a set (recorded: the same capture). */
export function networkOfInstances (id: ScaleSet['id']) {
  const { subscriptionId, resourceGroup, name } = id
  const prefix = computerNamePrefixOf(id)
  const network = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.Network`
  return {
    interfaceName: `${prefix}Nic`,
    configurationName: `${prefix}IPConfig`,
    networkSecurityGroup: { id: `${network}/networkSecurityGroups/${name}NSG` },
    subnet: { id: `${network}/virtualNetworks/${name}VNET/subnets/${name}Subnet` },
    loadBalancerBackendAddressPools: [{ id: `${network}/loadBalancers/${name}LB/backendAddressPools/${name}LBBEPool` }]
  }
}

/** The network in the model of instances. */
export function networkConfigurationOf (id: ScaleSet['id']) {
  const { interfaceName, configurationName, networkSecurityGroup, ...network } = networkOfInstances(id)
  const { subnet, loadBalancerBackendAddressPools } = network
  return {
    networkInterfaceConfigurations: [{
      name: interfaceName,
      properties: {
        primary: true,
        disableTcpStateTracking: false,
        networkSecurityGroup,
        dnsSettings: { dnsServers: [] },
        enableIPForwarding: false,
        ipConfigurations: [{
          name: configurationName,
          properties: { subnet, privateIPAddressVersion: 'IPv4', loadBalancerBackendAddressPools }
        }]
      }
    }]
  }
}
