import { headerText } from '../http/response.js'
import type { ResponseForm } from './response-form.js'

/** The header of quotas for each form of response. */
export type RateLimit = Readonly<Record<ResponseForm, string>>

/** The quotas that every change of instances uses, too, in each form. */
const BATCHED_ONCE = ['VMScaleSetBatchedVMRequests5Min;1172', 'VmssQueuedVMOperations;4799']
const BATCHED = ['VMScaleSetBatchedVMRequestsSubscriptionMaximum;5999', 'VmssQueuedVMOperations;0']

/** The remaining quotas of a client. The figures are recorded, and never change because azrun does not throttle. */
export const rateLimits = {
  runCommand: rateLimit({
    older: ['UpdateVM3Min;239', 'UpdateVM30Min;1199'],
    current: ['UpdateVMSubscriptionMaximum;1499', 'UpdateVMResource;11']
  }),
  /** Also for a deallocation. */
  deleteVirtualMachine: rateLimit({
    older: ['DeleteVM3Min;239', 'DeleteVM30Min;1199'],
    current: ['DeleteVMSubscriptionMaximum;1499', 'DeleteVMResource;11']
  }),
  operation: rateLimit({
    older: ['GetOperation3Min;14999', 'GetOperation30Min;29999'],
    current: ['GetOperationResource;44', 'GetOperationSubscriptionMaximum;14999']
  }),
  /** The current one is recorded in 2021, and in 2024 for another operation (azure-rest-api-specs #25455). */
  documents: rateLimit({
    older: ['GetSubscriptionInfo3Min;419'],
    current: ['GetSubscriptionInfo3Min;359']
  }),
  virtualMachine: rateLimit({
    older: ['LowCostGet3Min;3999', 'LowCostGet30Min;31999'],
    current: ['LowCostGetSubscriptionMaximum;23999', 'LowCostGetResource;35']
  }),
  /** PUT and PATCH of a managed run command of an instance (recorded; the figures of the older form are inferred). */
  instanceRunCommand: rateLimit({
    older: ['VMScaleSetBatchedVMRequests5Min;1199', 'VmssQueuedVMOperations;0'],
    current: ['VMScaleSetVMActionsSubscriptionMaximum;1999', 'VMScaleSetVMActionsResource;11',
      'VMScaleSetBatchedVMRequestsSubscriptionMaximum;5995', 'VmssQueuedVMOperations;0']
  }),
  /** DELETE of one (recorded; the older form is inferred). */
  instanceRunCommandDelete: rateLimit({
    older: ['DeleteVMScaleSetVM3Min;199', 'DeleteVMScaleSetVM30Min;999', 'VMScaleSetBatchedVMRequests5Min;1199',
      'VmssQueuedVMOperations;0'],
    current: ['DeleteVMScaleSetVMSubscriptionMaximum;1999', 'DeleteVMScaleSetVMResource;11',
      'VMScaleSetBatchedVMRequestsSubscriptionMaximum;5999', 'VmssQueuedVMOperations;0']
  }),
  /** GET of one, and of the list (recorded; the older form has none). */
  instanceRunCommandRead: rateLimit({
    older: [],
    current: ['GetVMScaleSetVMSubscriptionMaximum;5999', 'GetVMScaleSetVMResource;35']
  }),
  virtualMachines: rateLimit({
    older: ['HighCostGet3Min;139', 'HighCostGet30Min;698'],
    current: ['HighCostGetSubscriptionMaximum;899']
  }),
  scaleSet: rateLimit({
    older: ['GetVMScaleSet3Min;396', 'GetVMScaleSet30Min;2550'],
    current: ['GetVMScaleSetSubscriptionMaximum;2393', 'GetVMScaleSetResource;32']
  }),
  /** The lists of scale sets. */
  scaleSets: rateLimit({
    older: ['HighCostGetVMScaleSet3Min;179', 'HighCostGetVMScaleSet30Min;899'],
    current: ['HighCostGetVMScaleSetSubscriptionMaximum;1078']
  }),
  /** The view of a scale set. */
  scaleSetView: rateLimit({
    older: ['HighCostGetVMScaleSet3Min;179', 'HighCostGetVMScaleSet30Min;899'],
    current: ['HighCostGetVMScaleSetSubscriptionMaximum;1078', 'HighCostGetVMScaleSetResource;29']
  }),
  /** An instance of a scale set, and its view. */
  instance: rateLimit({
    older: ['GetVMScaleSetVM3Min;498', 'GetVMScaleSetVM30Min;2498', 'VMScaleSetVMViews3Min;4998'],
    current: ['GetVMScaleSetVMSubscriptionMaximum;5999', 'GetVMScaleSetVMResource;35', 'VMScaleSetVMViewsSubscriptionMaximum;29999']
  }),
  instances: rateLimit({
    older: ['HighCostGetVMScaleSet3Min;179', 'HighCostGetVMScaleSet30Min;899', 'VMScaleSetVMViews3Min;4998'],
    current: ['HighCostGetVMScaleSetSubscriptionMaximum;1078', 'HighCostGetVMScaleSetResource;29', 'VMScaleSetVMViewsSubscriptionMaximum;29996']
  }),
  /** Starts and restarts of a set's instances. */
  updateScaleSet: rateLimit({
    older: ['VMScaleSetActions3Min;238', 'VMScaleSetActions30Min;1189', ...BATCHED_ONCE],
    current: ['VMScaleSetActionsSubscriptionMaximum;1499', ...BATCHED]
  }),
  /** Stops and deallocations of a set's instances. */
  deleteScaleSet: rateLimit({
    older: ['DeleteVMScaleSet3Min;78', 'DeleteVMScaleSet30Min;394', ...BATCHED_ONCE],
    current: ['DeleteVMScaleSetSubscriptionMaximum;524', ...BATCHED]
  }),
  hibernateScaleSet: rateLimit({
    older: ['DeleteVMScaleSet3Min;78', 'DeleteVMScaleSet30Min;394'],
    current: ['DeleteVMScaleSetSubscriptionMaximum;524']
  }),
  /** The current one is inferred. */
  updateInstance: rateLimit({
    older: ['VMScaleSetActions3Min;238', 'VMScaleSetActions30Min;1189', 'VMScaleSetVMActions3Min;199', 'VMScaleSetVMActions30Min;999', ...BATCHED_ONCE],
    current: ['VMScaleSetVMActionsSubscriptionMaximum;1999', 'VMScaleSetVMActionsResource;11', ...BATCHED]
  }),
  /** The older one is inferred. */
  deleteInstance: rateLimit({
    older: ['DeleteVMScaleSetVM3Min;199', 'DeleteVMScaleSetVM30Min;999', ...BATCHED_ONCE],
    current: ['DeleteVMScaleSetVMSubscriptionMaximum;1999', 'DeleteVMScaleSetVMResource;11', ...BATCHED]
  }),
  runCommandOnInstance: rateLimit({
    older: ['VMScaleSetActions3Min;238', 'VMScaleSetActions30Min;1189', ...BATCHED_ONCE],
    current: ['VMScaleSetVMActionsSubscriptionMaximum;1999', 'VMScaleSetVMActionsResource;11', ...BATCHED]
  })
} as const

function rateLimit ({ older, current }: Readonly<Record<ResponseForm, readonly string[]>>): RateLimit {
  return { older: header(older), current: header(current) }
}

function header (quotas: readonly string[]): string {
  if (quotas.length === 0) return ''
  return headerText(['x-ms-ratelimit-remaining-resource', quotas.map(quota => `Microsoft.Compute/${quota}`).join(',')])
}

/** The remaining queries of Resource Graph, and the seconds until the quota resets (documented). */
export function userQuota (remaining: number, seconds: number): string[] {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const duration = parts.map(part => `${part}`.padStart(2, '0')).join(':')
  return ['x-ms-user-quota-remaining', `${remaining}`, 'x-ms-user-quota-resets-after', duration]
}
