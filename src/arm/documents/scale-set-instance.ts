import { derivedId } from '../../core/ids.js'
import { instanceIdOf } from '../../core/resource-id.js'
import type { MachineCondition } from '../../resources/machine-states.js'
import type { ScaleSet } from '../../resources/scale-sets.js'
import { machineName, type VirtualMachine } from '../../resources/virtual-machines.js'
import { hasDeletionStatus, hasInstanceEtag, hasTimeCreated, type ResponseForm } from '../responses/form.js'
import { computerNameOf } from './image.js'
import { instanceViewOf, provisioningStateOf } from './instance-view.js'
import { belongingsOf, scaleSetIdOf } from './names.js'
import { DOMAINS, networkConfigurationOf, osProfileOf, SKU } from './scale-set.js'
import { CREATION } from './times.js'
import { etagOf, storageProfileOf, type MachineForm } from './virtual-machine.js'

/** The part of each instance that a list requests with `$select`. */
export type Selected = 'instanceView' | 'instanceView/statuses'

/** An instance and its scale set. */
export interface InstanceOfSet {
  readonly scaleSet: ScaleSet
  readonly vm: VirtualMachine
}

/**
 * An instance in the order of the service (recorded: azcli_power_vmss_2024-07-01, exchanges 13 and 14; in the older
 * form it is inferred, with the order of virtual machines).
 */
export function instanceDocument (instance: InstanceOfSet, condition: MachineCondition, form: MachineForm) {
  const { vm, scaleSet } = instance
  const { apiVersion, responseForm, hasInstanceView = false } = form
  const { vmId, networkInterfaceId } = belongingsOf(vm)
  const hardwareProfile = { vmSize: SKU.name }
  const provisioningState = provisioningStateOf(condition)
  // The disks of instances have no deleteOption in either form.
  const storageProfile = storageProfileOf(vm, condition, 'older')
  const osProfile = { computerName: computerNameOf(vm), ...osProfileOf(vm) }
  const networkProfile = { networkInterfaces: [{ id: networkInterfaceId }] }
  const model = {
    latestModelApplied: true,
    modelDefinitionApplied: 'VirtualMachineScaleSet',
    networkProfileConfiguration: networkConfigurationOf(scaleSet.id)
  }
  const deletion = hasDeletionStatus(apiVersion) && { resilientVMDeletionStatus: 'Disabled' }
  const properties = responseForm === 'older'
    ? { ...model, vmId, hardwareProfile, storageProfile, osProfile, networkProfile, provisioningState }
    : { ...model, provisioningState, hardwareProfile, ...deletion, vmId, storageProfile, osProfile, networkProfile }
  return {
    ...identityOf(vm),
    // Inferred: instances have the tags of their set. Recorded: none are an empty object, unlike a machine's.
    tags: vm.tags ?? {},
    instanceId: vm.id.name,
    sku: SKU,
    properties: {
      ...properties,
      ...hasInstanceView && { instanceView: viewOfInstance(instance, condition, responseForm) },
      ...hasTimeCreated(apiVersion) && { timeCreated: CREATION.created }
    },
    ...hasInstanceEtag(apiVersion) && { etag: etagOf(condition) }
  }
}

/** An instance in a list with `$select` (inferred: no capture). */
export function selectedDocument (selected: Selected, instance: InstanceOfSet, condition: MachineCondition,
  form: MachineForm) {
  const { statuses, ...others } = viewOfInstance(instance, condition, form.responseForm)
  const instanceView = selected === 'instanceView' ? { ...others, statuses } : { statuses }
  return { ...identityOf(instance.vm), instanceId: instance.vm.id.name, properties: { instanceView } }
}

/** The view of an instance, with its placement (recorded: the same capture, exchanges 22, 28 and 40). */
export function viewOfInstance ({ vm, scaleSet }: InstanceOfSet, condition: MachineCondition, form: ResponseForm) {
  const domain = Number(vm.id.name) % DOMAINS
  return {
    placementGroupId: derivedId(`${scaleSet.id.text}/placementGroup`),
    platformUpdateDomain: domain,
    platformFaultDomain: domain,
    ...instanceViewOf(vm, condition, form)
  }
}

function identityOf (vm: VirtualMachine) {
  const { id: { name, type }, location } = vm
  return { name: machineName(vm), id: instanceIdOf(scaleSetIdOf(vm), name).text, type, location }
}
