import type { FastifyRequest } from 'fastify'
import { createApiVersionCheck, type ApiVersionPolicy } from './api-versions.js'
import { requireBearer, tenantOf, type AuthMode } from './authorization.js'
import { ArmError } from './errors.js'
import type { Services } from './contract.js'
import { findVirtualMachine } from './virtual-machines.js'

type PathParameters = Readonly<Partial<Record<'subscriptionId' | 'resourceGroupName' | 'vmName', string>>>
type Query = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * What Resource Manager checks before it reads a body, in its order: version, subscription, token; then, once the
 * token's principal has been found good (authorization.ts), resource group and resource. Each throws the gateway's
 * error for the first that fails.
 */
export function createGate ({ subscriptions, virtualMachines }: Services, policy: ApiVersionPolicy, auth: AuthMode) {
  const checkApiVersion = createApiVersionCheck(policy)
  return {
    checkCaller (request: FastifyRequest): void {
      const { subscriptionId } = request.params as PathParameters
      checkApiVersion(request.apiVersion, request.routeOptions.config.apiVersions)
      if (subscriptionId !== undefined) requireSubscription(subscriptions, subscriptionId)
      if (auth !== 'off') requireBearer(request.headers.authorization, () => tenantOf(subscriptions, subscriptionId))
    },
    checkResource (request: FastifyRequest): void {
      const { subscriptionId, resourceGroupName, vmName } = request.params as PathParameters
      if (subscriptionId === undefined || resourceGroupName === undefined) return
      if (!virtualMachines.hasResourceGroup(subscriptionId, resourceGroupName)) {
        throw new ArmError('ResourceGroupNotFound', { resourceGroup: resourceGroupName })
      }
      if (vmName !== undefined) findVirtualMachine(virtualMachines, subscriptionId, resourceGroupName, vmName)
    }
  }
}

/** The api-version of a query, its name in any case; the first where there are several, empty where there is none. */
export function apiVersionOf (query: Query): string {
  const value = query['api-version'] ??
    Object.entries(query).find(([name]) => name.toLowerCase() === 'api-version')?.[1] ?? ''
  return typeof value === 'string' ? value : value[0] ?? ''
}

function requireSubscription (subscriptions: Services['subscriptions'], subscriptionId: string): void {
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(subscriptionId)) {
    throw new ArmError('InvalidSubscriptionId', { subscriptionId })
  }
  if (!subscriptions.has(subscriptionId)) throw new ArmError('SubscriptionNotFound', { subscriptionId })
}
