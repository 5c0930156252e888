import { rateLimit, type RateLimit } from '../responses/quotas.js'
import type { operations } from './api.js'

type OfCompute = Extract<keyof operations, `VirtualMachine${string}` | 'Operations_Get'>

/** The quotas that every change of instances uses, too, in each form. */
const BATCHED_ONCE = { VMScaleSetBatchedVMRequests5Min: 1172, VmssQueuedVMOperations: 4799 }
const BATCHED = { VMScaleSetBatchedVMRequestsSubscriptionMaximum: 5999, VmssQueuedVMOperations: 0 }

/** The remaining quotas of a client. The figures are recorded, and never change because azrun does not throttle. */
const limits = {
  runCommand: rateLimit({
    older: { UpdateVM3Min: 239, UpdateVM30Min: 1199 },
    current: { UpdateVMSubscriptionMaximum: 1499, UpdateVMResource: 11 }
  }),
  /** A deallocation. */
  deleteVirtualMachine: rateLimit({
    older: { DeleteVM3Min: 239, DeleteVM30Min: 1199 },
    current: { DeleteVMSubscriptionMaximum: 1499, DeleteVMResource: 11 }
  }),
  operation: rateLimit({
    older: { GetOperation3Min: 14999, GetOperation30Min: 29999 },
    current: { GetOperationResource: 44, GetOperationSubscriptionMaximum: 14999 }
  }),
  /** The current one is recorded in 2021, and in 2024 for another operation (azure-rest-api-specs #25455). */
  documents: rateLimit({
    older: { GetSubscriptionInfo3Min: 419 },
    current: { GetSubscriptionInfo3Min: 359 }
  }),
  virtualMachine: rateLimit({
    older: { LowCostGet3Min: 3999, LowCostGet30Min: 31999 },
    current: { LowCostGetSubscriptionMaximum: 23999, LowCostGetResource: 35 }
  }),
  /** PUT and PATCH of a managed run command of an instance (recorded; the figures of the older form are inferred). */
  instanceRunCommand: rateLimit({
    older: { VMScaleSetBatchedVMRequests5Min: 1199, VmssQueuedVMOperations: 0 },
    current: {
      VMScaleSetVMActionsSubscriptionMaximum: 1999,
      VMScaleSetVMActionsResource: 11,
      VMScaleSetBatchedVMRequestsSubscriptionMaximum: 5995,
      VmssQueuedVMOperations: 0
    }
  }),
  /** DELETE of one (recorded; the older form is inferred). */
  instanceRunCommandDelete: rateLimit({
    older: {
      DeleteVMScaleSetVM3Min: 199,
      DeleteVMScaleSetVM30Min: 999,
      VMScaleSetBatchedVMRequests5Min: 1199,
      VmssQueuedVMOperations: 0
    },
    current: {
      DeleteVMScaleSetVMSubscriptionMaximum: 1999,
      DeleteVMScaleSetVMResource: 11,
      VMScaleSetBatchedVMRequestsSubscriptionMaximum: 5999,
      VmssQueuedVMOperations: 0
    }
  }),
  /** GET of one, and of the list (recorded; the older form has none). */
  instanceRunCommandRead: rateLimit({
    older: {},
    current: { GetVMScaleSetVMSubscriptionMaximum: 5999, GetVMScaleSetVMResource: 35 }
  }),
  virtualMachines: rateLimit({
    older: { HighCostGet3Min: 139, HighCostGet30Min: 698 },
    current: { HighCostGetSubscriptionMaximum: 899 }
  }),
  scaleSet: rateLimit({
    older: { GetVMScaleSet3Min: 396, GetVMScaleSet30Min: 2550 },
    current: { GetVMScaleSetSubscriptionMaximum: 2393, GetVMScaleSetResource: 32 }
  }),
  /** The lists of scale sets. */
  scaleSets: rateLimit({
    older: { HighCostGetVMScaleSet3Min: 179, HighCostGetVMScaleSet30Min: 899 },
    current: { HighCostGetVMScaleSetSubscriptionMaximum: 1078 }
  }),
  /** The view of a scale set. */
  scaleSetView: rateLimit({
    older: { HighCostGetVMScaleSet3Min: 179, HighCostGetVMScaleSet30Min: 899 },
    current: { HighCostGetVMScaleSetSubscriptionMaximum: 1078, HighCostGetVMScaleSetResource: 29 }
  }),
  /** An instance of a scale set, and its view. */
  instance: rateLimit({
    older: { GetVMScaleSetVM3Min: 498, GetVMScaleSetVM30Min: 2498, VMScaleSetVMViews3Min: 4998 },
    current: {
      GetVMScaleSetVMSubscriptionMaximum: 5999,
      GetVMScaleSetVMResource: 35,
      VMScaleSetVMViewsSubscriptionMaximum: 29999
    }
  }),
  instances: rateLimit({
    older: { HighCostGetVMScaleSet3Min: 179, HighCostGetVMScaleSet30Min: 899, VMScaleSetVMViews3Min: 4998 },
    current: {
      HighCostGetVMScaleSetSubscriptionMaximum: 1078,
      HighCostGetVMScaleSetResource: 29,
      VMScaleSetVMViewsSubscriptionMaximum: 29996
    }
  }),
  /** Starts and restarts of a set's instances. */
  updateScaleSet: rateLimit({
    older: { VMScaleSetActions3Min: 238, VMScaleSetActions30Min: 1189, ...BATCHED_ONCE },
    current: { VMScaleSetActionsSubscriptionMaximum: 1499, ...BATCHED }
  }),
  /** Stops and deallocations of a set's instances. */
  deleteScaleSet: rateLimit({
    older: { DeleteVMScaleSet3Min: 78, DeleteVMScaleSet30Min: 394, ...BATCHED_ONCE },
    current: { DeleteVMScaleSetSubscriptionMaximum: 524, ...BATCHED }
  }),
  /** The current one is inferred. */
  updateInstance: rateLimit({
    older: {
      VMScaleSetActions3Min: 238,
      VMScaleSetActions30Min: 1189,
      VMScaleSetVMActions3Min: 199,
      VMScaleSetVMActions30Min: 999,
      ...BATCHED_ONCE
    },
    current: { VMScaleSetVMActionsSubscriptionMaximum: 1999, VMScaleSetVMActionsResource: 11, ...BATCHED }
  }),
  /** The older one is inferred. */
  deleteInstance: rateLimit({
    older: { DeleteVMScaleSetVM3Min: 199, DeleteVMScaleSetVM30Min: 999, ...BATCHED_ONCE },
    current: { DeleteVMScaleSetVMSubscriptionMaximum: 1999, DeleteVMScaleSetVMResource: 11, ...BATCHED }
  }),
  runCommandOnInstance: rateLimit({
    older: { VMScaleSetActions3Min: 238, VMScaleSetActions30Min: 1189, ...BATCHED_ONCE },
    current: { VMScaleSetVMActionsSubscriptionMaximum: 1999, VMScaleSetVMActionsResource: 11, ...BATCHED }
  })
} as const

/** The quotas of each operation of Compute. */
const byOperation: Readonly<Record<OfCompute, RateLimit>> = {
  VirtualMachines_ListAll: limits.virtualMachines,
  VirtualMachines_List: limits.virtualMachines,
  VirtualMachines_Get: limits.virtualMachine,
  VirtualMachines_InstanceView: limits.virtualMachine,
  VirtualMachines_RunCommand: limits.runCommand,
  VirtualMachines_Start: limits.runCommand,
  VirtualMachines_Restart: limits.runCommand,
  VirtualMachines_Redeploy: limits.runCommand,
  VirtualMachines_PowerOff: limits.runCommand,
  VirtualMachines_Deallocate: limits.deleteVirtualMachine,
  VirtualMachineScaleSets_ListAll: limits.scaleSets,
  VirtualMachineScaleSets_List: limits.scaleSets,
  VirtualMachineScaleSets_Get: limits.scaleSet,
  VirtualMachineScaleSets_GetInstanceView: limits.scaleSetView,
  VirtualMachineScaleSets_Start: limits.updateScaleSet,
  VirtualMachineScaleSets_Restart: limits.updateScaleSet,
  VirtualMachineScaleSets_Redeploy: limits.updateScaleSet,
  VirtualMachineScaleSets_PowerOff: limits.deleteScaleSet,
  VirtualMachineScaleSets_Deallocate: limits.deleteScaleSet,
  VirtualMachineScaleSetVMs_List: limits.instances,
  VirtualMachineScaleSetVMs_Get: limits.instance,
  VirtualMachineScaleSetVMs_GetInstanceView: limits.instance,
  VirtualMachineScaleSetVMs_RunCommand: limits.runCommandOnInstance,
  VirtualMachineScaleSetVMs_Start: limits.updateInstance,
  VirtualMachineScaleSetVMs_Restart: limits.updateInstance,
  VirtualMachineScaleSetVMs_Redeploy: limits.updateInstance,
  VirtualMachineScaleSetVMs_PowerOff: limits.deleteInstance,
  VirtualMachineScaleSetVMs_Deallocate: limits.deleteInstance,
  VirtualMachineRunCommands_List: limits.documents,
  VirtualMachineRunCommands_Get: limits.documents,
  VirtualMachineRunCommands_ListByVirtualMachine: limits.virtualMachine,
  VirtualMachineRunCommands_GetByVirtualMachine: limits.virtualMachine,
  VirtualMachineRunCommands_CreateOrUpdate: limits.runCommand,
  VirtualMachineRunCommands_Update: limits.runCommand,
  VirtualMachineRunCommands_Delete: limits.runCommand,
  VirtualMachineScaleSetVMRunCommands_List: limits.instanceRunCommandRead,
  VirtualMachineScaleSetVMRunCommands_Get: limits.instanceRunCommandRead,
  VirtualMachineScaleSetVMRunCommands_CreateOrUpdate: limits.instanceRunCommand,
  VirtualMachineScaleSetVMRunCommands_Update: limits.instanceRunCommand,
  VirtualMachineScaleSetVMRunCommands_Delete: limits.instanceRunCommandDelete,
  Operations_Get: limits.operation
}

/** A scale set's deallocation with `hibernate` (recorded). */
export const hibernation = rateLimit({
  older: { DeleteVMScaleSet3Min: 78, DeleteVMScaleSet30Min: 394 },
  current: { DeleteVMScaleSetSubscriptionMaximum: 524 }
})

/** Undefined for an operation of another service, which shows no quotas. */
export function rateLimitOf (operationId: string): RateLimit | undefined {
  const all: Readonly<Record<string, RateLimit>> = byOperation
  return all[operationId]
}
