import { virtualMachineId } from '../../core/resource-id.js'
import type { MachineCondition } from '../../resources/machine-states.js'
import type { VirtualMachine } from '../../resources/virtual-machines.js'
import { hasEtag, hasTimeCreated, type ResponseForm } from '../responses/form.js'
import { computerNameOf, imageOf, systemOf } from './image.js'
import { instanceViewOf, provisioningStateOf } from './instance-view.js'
import { belongingsOf } from './names.js'
import { CREATION } from './times.js'

/** The form of a machine's document, as requested. */
export interface MachineForm {
  readonly responseForm: ResponseForm
  readonly apiVersion: string
  /** Default: false. */
  readonly hasInstanceView?: boolean
}

/**
 * A virtual machine in the order of each form (recorded: azcli_power_vm_2024-07-01, java_power_vm). Undeclared
 * properties are plausible and always the same.
 */
export function virtualMachineDocument (vm: VirtualMachine, condition: MachineCondition, form: MachineForm) {
  const { responseForm, apiVersion, hasInstanceView = false } = form
  const { vmId } = belongingsOf(vm)
  const provisioningState = provisioningStateOf(condition)
  const instanceView = hasInstanceView && { instanceView: instanceViewOf(vm, condition, responseForm) }
  const storageProfile = storageProfileOf(vm, condition, responseForm)
  const osProfile = osProfileOf(vm, responseForm)
  const networkProfile = networkProfileOf(vm, responseForm)
  const properties = responseForm === 'older'
    ? { vmId, hardwareProfile, storageProfile, osProfile, networkProfile, provisioningState, ...instanceView }
    : { hardwareProfile, provisioningState, vmId, storageProfile, osProfile, networkProfile, ...instanceView }
  return {
    ...identityOf(vm),
    properties: { ...properties, ...hasTimeCreated(apiVersion) && { timeCreated: CREATION.created } },
    ...hasEtag(apiVersion) && { etag: etagOf(condition) }
  }
}

/** The first members of a resource. The id is in canonical case: the request's path may be in any case. */
function identityOf ({ id: { subscriptionId, resourceGroup, name }, location, tags }: VirtualMachine) {
  const id = virtualMachineId(subscriptionId, resourceGroup!, name).text
  return { name, id, type: 'Microsoft.Compute/virtualMachines', location, ...tags !== undefined && { tags } }
}

/** A machine in a list with `statusOnly` (inferred: no capture). */
export function statusDocument (vm: VirtualMachine, condition: MachineCondition, { responseForm }: MachineForm) {
  const instanceView = instanceViewOf(vm, condition, responseForm)
  return { ...identityOf(vm), properties: { instanceView } }
}

/** The etag in quotes, as in HTTP (recorded: azcli_power_vm_2024-07-01). */
export function etagOf ({ etag }: MachineCondition): string {
  return `"${etag}"`
}

const hardwareProfile = { vmSize: 'Standard_DS1_v2' }

/** The disks. A managed disk of a deallocated machine has no size and no type (recorded). */
export function storageProfileOf (vm: VirtualMachine, { powerState }: MachineCondition, form: ResponseForm) {
  const { osDisk } = belongingsOf(vm)
  const { reference, diskSizeGB } = imageOf(vm)
  const isAttached = powerState !== 'deallocated'
  return {
    imageReference: reference,
    osDisk: {
      osType: systemOf(vm),
      name: osDisk.name,
      createOption: 'FromImage',
      caching: 'ReadWrite',
      managedDisk: { ...isAttached && { storageAccountType: 'Premium_LRS' }, id: osDisk.id },
      ...form === 'current' && { deleteOption: 'Detach' },
      ...isAttached && { diskSizeGB }
    },
    dataDisks: []
  }
}

/** The configuration of either system (recorded: azcli_power_vm_2024-07-01 and java_power_vm). */
export function osProfileOf (vm: VirtualMachine, form: ResponseForm) {
  const patchSettings = (patchMode: string) =>
    ({ patchMode, ...form === 'current' && { assessmentMode: 'ImageDefault' } })
  const configuration = systemOf(vm) === 'Windows'
    ? { windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: true, patchSettings: patchSettings('AutomaticByOS') } }
    : { linuxConfiguration: { disablePasswordAuthentication: false, provisionVMAgent: true, patchSettings: patchSettings('ImageDefault') } }
  return {
    computerName: computerNameOf(vm),
    adminUsername: 'azureuser',
    ...configuration,
    secrets: [],
    allowExtensionOperations: true,
    requireGuestProvisionSignal: true
  }
}

/** The only network interface. Only the older form marks it as primary (recorded: java_power_vm). */
function networkProfileOf (vm: VirtualMachine, form: ResponseForm) {
  const id = belongingsOf(vm).networkInterfaceId
  return { networkInterfaces: [{ id, ...form === 'older' && { properties: { primary: true } } }] }
}
