import { allOf, then } from '../../core/maybe-promise.js'
import type { ScaleSet } from '../../resources/scale-sets.js'
import { SCALE_SET_ETAG, scaleSetDocument, scaleSetViewOf } from '../documents/scale-set.js'
import { gatewayJson, serviceJson, type ArmResponse } from '../responses/arm-response.js'
import { hasInstanceEtag } from '../responses/form.js'
import type { Handlers, Services } from './handler-types.js'

type ScaleSetHandlers = Pick<Handlers, 'VirtualMachineScaleSets_ListAll' | 'VirtualMachineScaleSets_List' |
  'VirtualMachineScaleSets_Get' | 'VirtualMachineScaleSets_GetInstanceView'>

/** Reads of scale sets. */
export function scaleSetHandlers ({ machineStates, scaleSets }: Services): ScaleSetHandlers {
  return {
    VirtualMachineScaleSets_ListAll: ({ params: { subscriptionId }, apiVersion }) =>
      listed(scaleSets.list(subscriptionId), apiVersion),
    VirtualMachineScaleSets_List: ({ params: { subscriptionId, resourceGroupName }, apiVersion }) =>
      listed(scaleSets.list(subscriptionId, resourceGroupName), apiVersion),
    VirtualMachineScaleSets_Get: ({ scaleSet, apiVersion }) => ({
      ...serviceJson(scaleSetDocument(scaleSet, { apiVersion })),
      ...hasInstanceEtag(apiVersion) && { headers: ['ETag', SCALE_SET_ETAG] }
    }),
    VirtualMachineScaleSets_GetInstanceView: ({ scaleSet }) => {
      const read = allOf(scaleSets.instances(scaleSet).map(vm => machineStates.read(vm)))
      return then(read, conditions => serviceJson(scaleSetViewOf(conditions)))
    }
  }
}

/** Resource Manager itself responds with an empty list (recorded). */
function listed (scaleSets: readonly ScaleSet[], apiVersion: string): ArmResponse {
  const value = scaleSets.map(scaleSet => scaleSetDocument(scaleSet, { apiVersion }))
  return value.length === 0 ? gatewayJson({ value }) : serviceJson({ value })
}
