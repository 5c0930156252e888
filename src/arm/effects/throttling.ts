import type { FastifyRequest } from 'fastify'
import { retryAfterHeader, secondsOf } from '../../http/retry-after.js'
import type { EffectValues } from '../../scenarios/scenario.js'
import type { ErrorResponse } from '../error-handler.js'
import { fill } from '../errors/arm-error.js'
import { errors } from '../errors/table.js'
import type { ApiVersionScope, ResponseForm } from '../responses/form.js'
import { shownQuotas, userQuota, type Quotas, type RateLimit } from '../responses/quotas.js'

type Throttle = EffectValues['throttle']

/** Values for the texts that are not in the request. */
export interface ThrottleContext {
  readonly now: Date
  /** The client's object id. */
  readonly objectId: string
  readonly tenantId: string
  /** The correlation id of the response. */
  readonly correlationId: string
}

type Throttled = (throttle: Throttle, request: FastifyRequest, context: ThrottleContext) => ErrorResponse

/** Who throttles each service's operations, unless a scenario says Resource Manager. */
const SERVICES: Readonly<Record<ApiVersionScope, Throttled>> = {
  compute: byCompute, network: byNetwork, resourceGraph: byResourceGraph, gateway: byResourceManager
}

/** The 429 of Resource Manager or of the operation's service. */
export function throttled (throttle: Throttle, request: FastifyRequest, context: ThrottleContext): ErrorResponse {
  const by = throttle.by === 'ResourceManager' ? byResourceManager : SERVICES[request.operation?.apiVersions ?? 'gateway']
  return by(throttle, request, context)
}

/** Recorded: terraform-provider-azurerm #19146, aks-engine #2295; the times: kubernetes #93796. */
function byCompute (throttle: Throttle, { operation, responseForm }: FastifyRequest,
  { now }: ThrottleContext): ErrorResponse {
  const { status, code, message, layer } = errors.TooManyRequests
  const quotas = quotasIn(operation!.rateLimit!, responseForm)
  const { group, remaining } = tightest(quotas)
  const allowed = remaining + 1
  const usedUp = shownQuotas({ ...quotas, [group]: 0 })
  const window = {
    operationGroup: group,
    startTime: timeOf(now),
    endTime: timeOf(new Date(now.getTime() + secondsOf(throttle) * 1000)),
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
    rateLimit: { older: usedUp, current: usedUp }
  }
}

/** Recorded: terraform-provider-azapi #691; the sentence about calls in published tests of clients. */
function byNetwork (throttle: Throttle, { params }: FastifyRequest, { now }: ThrottleContext): ErrorResponse {
  const { status, code, message, layer, service } = errors.NetworkRequestsThrottled
  const { subscriptionId } = params as { subscriptionId: string }
  const detail = `Subscription ${subscriptionId} was used to perform too many calls within last 5 minutes. The number of ` +
    `calls exceeds Microsoft.Network throttling limit. The call can be retried in ${secondsOf(throttle)} seconds.`
  return {
    status,
    code,
    message,
    layer,
    service,
    details: [{ code: 'RetryableErrorDueToTooManyCalls', message: detail }],
    headers: retryAfterHeader(throttle, now)
  }
}

/** Recorded: azure-cli-extensions #3325. The headers are documented: guidance for throttled requests. */
function byResourceGraph (throttle: Throttle, _request: FastifyRequest,
  { now, correlationId }: ThrottleContext): ErrorResponse {
  const { status, code, message, layer } = errors.ResourceGraphThrottled
  const timestamp = now.toISOString().replace('Z', '0000Z')
  const detail = 'Client application has been throttled and should not attempt to repeat the request until an amount of ' +
    'time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.'
  return {
    status,
    code,
    message: fill(message, { timestamp, correlationId }),
    layer,
    details: [{ code, message: detail }],
    headers: [...retryAfterHeader(throttle, now), ...userQuota(0, secondsOf(throttle))],
    correlationId
  }
}

/** Recorded: apiops #612. Inferred: without a subscription, Resource Manager throttles by tenant. */
function byResourceManager (throttle: Throttle, { method, params }: FastifyRequest,
  { now, objectId, tenantId }: ThrottleContext): ErrorResponse {
  const { subscriptionId } = params as { subscriptionId?: string }
  const code = subscriptionId === undefined ? 'TenantRequestsThrottled' : 'SubscriptionRequestsThrottled'
  const scope = subscriptionId === undefined ? 'tenant' : 'subscription'
  const { status, message, layer } = errors[code]
  const kind = KINDS[method] ?? 'write'
  return {
    status,
    code,
    message: fill(message, { kind, subscriptionId, tenantId, objectId, seconds: secondsOf(throttle) }),
    layer,
    // Documented: request limits and throttling.
    headers: [...retryAfterHeader(throttle, now), `x-ms-ratelimit-remaining-${scope}-${kind}s`, '0']
  }
}

/** The kind of a request that is not a write. */
const KINDS: Readonly<Record<string, string>> = { GET: 'read', HEAD: 'read', DELETE: 'delete' }

/** The quotas of a form, or today's if it has none. */
function quotasIn (rateLimit: RateLimit, form: ResponseForm): Quotas {
  const { quotas, header } = rateLimit[form]
  return header === '' ? rateLimit.current.quotas : quotas
}

/** The quota that is used up first. Inferred: that Azure would refuse a request because of this one. */
function tightest (quotas: Quotas) {
  const all = Object.entries(quotas).map(([group, remaining]) => ({ group, remaining }))
  return all.reduce((least, quota) => quota.remaining < least.remaining ? quota : least)
}

/** `2020-08-07T14:50:49.2605019+00:00`, but without zeros at the end, as in `2020-08-07T14:53:00+00:00`. */
function timeOf (date: Date): string {
  return date.toISOString().replace(/\.?0*Z$/, '+00:00')
}
