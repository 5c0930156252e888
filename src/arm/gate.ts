import type { FastifyRequest } from 'fastify'
import type { ResourceGroups } from '../core/resource-groups.js'
import type { ResourceId } from '../core/resource-id.js'
import type { Subscriptions } from '../core/subscriptions.js'
import type { VirtualMachine, VirtualMachines } from '../core/virtual-machines.js'
import { createApiVersionCheck, requireApiVersion, type ApiVersionPolicy } from './api-versions.js'
import { requireBearer, tenantOf, type AuthMode } from './authentication.js'
import { ArmError } from './errors.js'
import { ResourceIds } from './resource-ids.js'
import { responseFormOf, type ResponseForm } from './response-form.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's api-version; empty if it is missing. */
    apiVersion: string
    /** The form of every response to this request. */
    responseForm: ResponseForm
    /** The resource that the path names; undefined above a subscription. */
    resourceId?: ResourceId
    /** The virtual machine that the path names; only on routes of one. */
    vm: VirtualMachine
  }
}

const RESOURCE_GROUP = 'Microsoft.Resources/subscriptions/resourceGroups'

type PathParameters = Readonly<Partial<Record<'subscriptionId' | 'vmName', string>>>
type Query = Readonly<Record<string, string | readonly string[] | undefined>>

export interface GateOptions {
  readonly subscriptions: Subscriptions
  readonly virtualMachines: VirtualMachines
  readonly resourceGroups: ResourceGroups
  readonly apiVersions: ApiVersionPolicy
  readonly auth: AuthMode
  readonly settings: { readonly strict: boolean }
}

/**
 * What Resource Manager checks before it reads a body, in its order: that there is a version, subscription, version,
 * token; then, once the principal is authenticated and authorized, resource group and resource. Each throws the
 * gateway's error for the first check that fails.
 */
export function createGate (options: GateOptions) {
  const { subscriptions, virtualMachines, resourceGroups, apiVersions, auth, settings } = options
  const checkApiVersion = createApiVersionCheck(apiVersions)
  const resourceIds = new ResourceIds()
  return {
    checkCaller (request: FastifyRequest): void {
      const { subscriptionId } = request.params as PathParameters
      const { config } = request.routeOptions
      const apiVersion = apiVersionOf(request.query as Query)
      request.apiVersion = apiVersion
      request.responseForm = responseFormOf(apiVersion, config.apiVersions)
      request.resourceId = resourceIds.of(request)
      requireApiVersion(apiVersion)
      if (subscriptionId !== undefined) requireSubscription(subscriptions, subscriptionId)
      checkApiVersion(apiVersion, config, settings.strict)
      if (auth !== 'off') requireBearer(request.headers.authorization, () => tenantOf(subscriptions, subscriptionId))
    },
    checkResource (request: FastifyRequest): void {
      const id = request.resourceId
      if (id?.resourceGroup === undefined) return
      const { subscriptionId, resourceGroup, type, name } = id
      // The one that is made need not be there.
      if (request.method === 'PUT' && type === RESOURCE_GROUP) return
      if (!resourceGroups.has(subscriptionId, resourceGroup)) {
        throw new ArmError('ResourceGroupNotFound', { resourceGroup })
      }
      const isMachine = 'vmName' in (request.params as PathParameters)
      const vm = isMachine ? virtualMachines.find(id) : undefined
      if (vm !== undefined) { request.vm = vm; return }
      if (isMachine) throw new ArmError('ResourceNotFound', { type, name, resourceGroup })
    }
  }
}

/** The api-version of a query, its name in any case: the first of several, empty if it is missing. */
function apiVersionOf (query: Query): string {
  const value = query['api-version'] ??
    Object.entries(query).find(([name]) => name.toLowerCase() === 'api-version')?.[1] ?? ''
  return typeof value === 'string' ? value : value[0] ?? ''
}

function requireSubscription (subscriptions: Subscriptions, subscriptionId: string): void {
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(subscriptionId)) {
    throw new ArmError('InvalidSubscriptionId', { subscriptionId })
  }
  if (!subscriptions.has(subscriptionId)) throw new ArmError('SubscriptionNotFound', { subscriptionId })
}
