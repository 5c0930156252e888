import type { FastifyRequest } from 'fastify'
import { GUID } from '../core/guid.js'
import type { ResourceId } from '../core/resource-id.js'
import type { Query } from '../http/query.js'
import type { Subscriptions } from '../resources/subscriptions.js'
import { apiVersionOf, createApiVersionCheck, requireApiVersion, type ApiVersionPolicy } from './api-versions.js'
import { requireBearer, tenantOf, type AuthMode } from './authentication.js'
import { ArmError } from './errors/arm-error.js'
import { createResourceCheck } from './resources/check.js'
import type { ResourceFinderOptions } from './resources/finder.js'
import { ResourceIds } from './resources/ids.js'
import { responseFormOf, type ResponseForm } from './responses/form.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The request's api-version; empty if it is missing. */
    apiVersion: string
    /** The form of the response to this request. */
    responseForm: ResponseForm
    /** The resource that the path names; undefined above a subscription. */
    resourceId?: ResourceId
  }
}

type PathParameters = Readonly<Partial<Record<'subscriptionId', string>>>

export interface GateSettings {
  readonly apiVersions: ApiVersionPolicy
  readonly auth: AuthMode
  readonly strict: boolean
}

export interface GateOptions extends ResourceFinderOptions {
  readonly subscriptions: Subscriptions
  readonly settings: GateSettings
}

/**
 * Resource Manager's checks before it reads a body, in its order, which is inferred from captures: presence of a
 * version, subscription, version, token; then, once the principal is authenticated and authorized, resource group and
 * resource. The first failing check throws the gateway's error.
 */
export function createGate (options: GateOptions) {
  const { subscriptions, settings } = options
  // These need a restart; `strict` does not.
  const { apiVersions, auth } = settings
  const checkApiVersion = createApiVersionCheck(apiVersions)
  const resourceIds = new ResourceIds()
  return {
    checkCaller (request: FastifyRequest): void {
      const { subscriptionId } = request.params as PathParameters
      const { operation } = request
      const apiVersion = apiVersionOf(request.query as Query)
      request.apiVersion = apiVersion
      request.responseForm = responseFormOf(apiVersion, operation?.apiVersions)
      request.named = resourceIds.of(request)
      request.resourceId = request.named?.resource
      requireApiVersion(apiVersion)
      if (subscriptionId !== undefined) requireSubscription(subscriptions, subscriptionId)
      checkApiVersion(apiVersion, operation, settings.strict)
      if (auth !== 'off') requireBearer(request.headers.authorization, () => tenantOf(subscriptions, subscriptionId))
    },
    checkResource: createResourceCheck(options)
  }
}

function requireSubscription (subscriptions: Subscriptions, subscriptionId: string): void {
  if (!GUID.test(subscriptionId)) {
    throw new ArmError('InvalidSubscriptionId', { subscriptionId })
  }
  if (!subscriptions.has(subscriptionId)) throw new ArmError('SubscriptionNotFound', { subscriptionId })
}
