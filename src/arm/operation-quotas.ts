import type { operations } from './api.js'
import { rateLimits, type RateLimit } from './rate-limits.js'

type OperationId = keyof operations

type OfCompute = Extract<OperationId, `VirtualMachine${string}` | 'Operations_Get'>

const { runCommand: update, updateScaleSet, deleteScaleSet, updateInstance, deleteInstance } = rateLimits

/** The quotas that an operation uses, as in its handler. */
const QUOTAS: Readonly<Record<OfCompute, RateLimit>> = {
  VirtualMachines_ListAll: rateLimits.virtualMachines,
  VirtualMachines_List: rateLimits.virtualMachines,
  VirtualMachines_Get: rateLimits.virtualMachine,
  VirtualMachines_InstanceView: rateLimits.virtualMachine,
  VirtualMachines_RunCommand: update,
  VirtualMachines_Start: update,
  VirtualMachines_Restart: update,
  VirtualMachines_Redeploy: update,
  VirtualMachines_PowerOff: update,
  VirtualMachines_Deallocate: rateLimits.deleteVirtualMachine,
  VirtualMachineScaleSets_ListAll: rateLimits.scaleSets,
  VirtualMachineScaleSets_List: rateLimits.scaleSets,
  VirtualMachineScaleSets_Get: rateLimits.scaleSet,
  VirtualMachineScaleSets_GetInstanceView: rateLimits.scaleSetView,
  VirtualMachineScaleSets_Start: updateScaleSet,
  VirtualMachineScaleSets_Restart: updateScaleSet,
  VirtualMachineScaleSets_Redeploy: updateScaleSet,
  VirtualMachineScaleSets_PowerOff: deleteScaleSet,
  VirtualMachineScaleSets_Deallocate: deleteScaleSet,
  VirtualMachineScaleSetVMs_List: rateLimits.instances,
  VirtualMachineScaleSetVMs_Get: rateLimits.instance,
  VirtualMachineScaleSetVMs_GetInstanceView: rateLimits.instance,
  VirtualMachineScaleSetVMs_RunCommand: rateLimits.runCommandOnInstance,
  VirtualMachineScaleSetVMs_Start: updateInstance,
  VirtualMachineScaleSetVMs_Restart: updateInstance,
  VirtualMachineScaleSetVMs_Redeploy: updateInstance,
  VirtualMachineScaleSetVMs_PowerOff: deleteInstance,
  VirtualMachineScaleSetVMs_Deallocate: deleteInstance,
  VirtualMachineRunCommands_List: rateLimits.documents,
  VirtualMachineRunCommands_Get: rateLimits.documents,
  VirtualMachineRunCommands_ListByVirtualMachine: rateLimits.virtualMachine,
  VirtualMachineRunCommands_GetByVirtualMachine: rateLimits.virtualMachine,
  VirtualMachineRunCommands_CreateOrUpdate: update,
  VirtualMachineRunCommands_Update: update,
  VirtualMachineRunCommands_Delete: update,
  VirtualMachineScaleSetVMRunCommands_List: rateLimits.instanceRunCommandRead,
  VirtualMachineScaleSetVMRunCommands_Get: rateLimits.instanceRunCommandRead,
  VirtualMachineScaleSetVMRunCommands_CreateOrUpdate: rateLimits.instanceRunCommand,
  VirtualMachineScaleSetVMRunCommands_Update: rateLimits.instanceRunCommand,
  VirtualMachineScaleSetVMRunCommands_Delete: rateLimits.instanceRunCommandDelete,
  Operations_Get: rateLimits.operation
}

const quotas: Readonly<Record<string, RateLimit>> = QUOTAS

/** The quotas that a request for this operation uses; undefined if it is not one of Compute. */
export function quotasOf (operation: { readonly operationId: string } | undefined): RateLimit | undefined {
  return operation && quotas[operation.operationId]
}
