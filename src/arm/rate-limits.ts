import { HeaderList } from '../http/response.js'
import type { ResponseForm } from './response-form.js'

/** A header of quotas, as each form of response names them. */
export type RateLimit = Readonly<Record<ResponseForm, HeaderList>>

/** What remains of a caller's quotas: azrun does not throttle, so the figures, recorded ones, stand still. */
export const rateLimits = {
  runCommand: rateLimit({
    older: ['UpdateVM3Min;239', 'UpdateVM30Min;1199'],
    current: ['UpdateVMSubscriptionMaximum;1499', 'UpdateVMResource;11']
  }),
  /** Of a deallocation, too. */
  deleteVirtualMachine: rateLimit({
    older: ['DeleteVM3Min;239', 'DeleteVM30Min;1199'],
    current: ['DeleteVMSubscriptionMaximum;1499', 'DeleteVMResource;11']
  }),
  operation: rateLimit({
    older: ['GetOperation3Min;14999', 'GetOperation30Min;29999'],
    current: ['GetOperationResource;44', 'GetOperationSubscriptionMaximum;14999']
  }),
  /** The current one is inferred from 2021: no later capture. */
  documents: rateLimit({
    older: ['GetSubscriptionInfo3Min;419'],
    current: ['GetSubscriptionInfo3Min;359']
  }),
  virtualMachine: rateLimit({
    older: ['LowCostGet3Min;3999', 'LowCostGet30Min;31999'],
    current: ['LowCostGetSubscriptionMaximum;23999', 'LowCostGetResource;35']
  }),
  virtualMachines: rateLimit({
    older: ['HighCostGet3Min;139', 'HighCostGet30Min;698'],
    current: ['HighCostGetSubscriptionMaximum;899']
  })
} as const

function rateLimit ({ older, current }: Readonly<Record<ResponseForm, readonly string[]>>): RateLimit {
  return { older: header(older), current: header(current) }
}

function header (quotas: readonly string[]): HeaderList {
  return new HeaderList(['x-ms-ratelimit-remaining-resource', quotas.map(quota => `Microsoft.Compute/${quota}`).join(',')])
}
