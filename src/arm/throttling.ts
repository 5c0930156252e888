import type { FastifyRequest } from 'fastify'
import type { Clock } from '../core/clock.js'
import { retryAfterHeader, secondsOf } from '../http/retry-after.js'
import { headerEntries, headerText } from '../http/response.js'
import type { EffectValues } from '../scenarios/scenario.js'
import type { operations } from './api.js'
import type { ErrorResponse } from './error-handler.js'
import { errors, fill } from './errors.js'
import { rateLimits, type RateLimit } from './rate-limits.js'
import type { ResponseForm } from './response-form.js'

type Throttle = EffectValues['throttle']

type OperationId = keyof operations

/** Those of Compute. A scenario may have it throttle others, too: these count as its lists do. */
type OfCompute = Extract<OperationId, `VirtualMachine${string}` | 'Operations_Get'>

const { runCommand: update, updateScaleSet, deleteScaleSet, updateInstance, deleteInstance } = rateLimits

/** The quotas that requests for an operation use up: what the handlers say of each. */
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

/** The 429 of a layer that throttles. `objectId` is the caller's. */
export function throttled (throttle: Throttle, request: FastifyRequest, clock: Clock, objectId: string): ErrorResponse {
  return throttle.by === 'ResourceManager'
    ? byResourceManager(throttle, request, clock.now(), objectId)
    : byCompute(throttle, request, clock.now())
}

/** Recorded: terraform-provider-azurerm #19146, aks-engine #2295. */
function byCompute (throttle: Throttle, { operation, responseForm }: FastifyRequest, now: Date): ErrorResponse {
  const { status, code, message, layer } = errors.TooManyRequests
  const own: RateLimit | undefined = QUOTAS[operation!.operationId as OfCompute]
  const rateLimit = own ?? rateLimits.virtualMachines
  const { header, group, allowed } = usedUp(rateLimit, responseForm)
  const minutes = Number(/(\d+)Min$/.exec(group)?.[1] ?? 1)
  const endTime = new Date(now.getTime() + secondsOf(throttle) * 1000)
  const window = {
    operationGroup: group,
    startTime: timeOf(new Date(endTime.getTime() - minutes * 60_000)),
    endTime: timeOf(endTime),
    allowedRequestCount: allowed,
    measuredRequestCount: allowed + 1
  }
  return {
    status,
    code,
    message,
    layer,
    details: [{ code: 'TooManyRequests', target: group, message: JSON.stringify(window) }],
    innererror: { internalErrorCode: 'TooManyRequestsReceived' },
    headers: retryAfterHeader(throttle, now),
    rateLimit: { older: header, current: header }
  }
}

/** Recorded: apiops #612. The header is documented. */
function byResourceManager (throttle: Throttle, request: FastifyRequest, now: Date, objectId: string): ErrorResponse {
  const { status, message, layer } = errors.SubscriptionRequestsThrottled
  const kind = request.method === 'POST' ? 'write' : 'read'
  const { subscriptionId = '' } = request.params as { subscriptionId?: string }
  return {
    status,
    code: 'SubscriptionRequestsThrottled',
    message: fill(message, { kind, subscriptionId, objectId, seconds: secondsOf(throttle) }),
    layer,
    headers: [...retryAfterHeader(throttle, now), `x-ms-ratelimit-remaining-subscription-${kind}s`, '0']
  }
}

/** The header of these quotas in which the tightest one is used up. Which one Azure's would be is inferred. */
function usedUp (rateLimit: RateLimit, form: ResponseForm) {
  const [name, value] = headerEntries(rateLimit[form]) as [string, string]
  const quotas = value.split(',').map(quota => quota.split(';') as [string, string])
  const [group, left] = quotas.reduce((tightest, quota) => Number(quota[1]) < Number(tightest[1]) ? quota : tightest)
  const header = headerText([name, value.replace(`${group};${left}`, `${group};0`)])
  return { header, group: group.replace('Microsoft.Compute/', ''), allowed: Number(left) + 1 }
}

/** `2018-06-29T19:54:21.0914017+00:00` */
function timeOf (date: Date): string {
  return date.toISOString().replace('Z', '0000+00:00')
}
