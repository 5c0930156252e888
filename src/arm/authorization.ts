import type { FastifyRequest } from 'fastify'
import type { Claims } from '../identity/claims.js'
import type { RoleAssignments } from '../identity/role-assignments.js'
import { challenge, claimsOf, expired, INVALID, tenantOf, tokenOf, type AuthenticationOptions } from './authentication.js'
import { ArmError } from './errors/arm-error.js'

export interface AuthorizationOptions extends AuthenticationOptions {
  readonly roleAssignments: RoleAssignments
}

/** Returns undefined if there is nothing to wait for. */
type Check = (request: FastifyRequest) => Promise<void> | undefined

/** Returns a check of a bearer token and of its principal's rights, which rejects with Azure's 401 or 403. */
export function createAuthorization (options: AuthorizationOptions): Check {
  const { auth, roleAssignments, tokens: { shortLived } } = options
  return request => {
    if (auth === 'off') return undefined
    if (!shortLived.isEmpty) requireLiving(options, request)
    return auth === 'any' && roleAssignments.isEmpty ? undefined : check(options, request)
  }
}

/** Refuses a short-lived token as soon as it has expired, without the usual clock tolerance. */
function requireLiving ({ tokens, clock, subscriptions }: AuthorizationOptions, request: FastifyRequest): void {
  const expiry = tokens.shortLived.expiryOf(tokenOf(request))
  if (expiry === undefined || clock.now().getTime() < expiry * 1000) return
  throw expired(expiry, clock.now(), tenantOf(subscriptions, request.resourceId?.subscriptionId))
}

async function check (options: AuthorizationOptions, request: FastifyRequest): Promise<void> {
  const { roleAssignments, subscriptions } = options
  const tenantId = tenantOf(subscriptions, request.resourceId?.subscriptionId)
  const claims = await claimsOf(options, request, tenantId)
  if (!roleAssignments.isEmpty) requireRight(roleAssignments, claims, request, tenantId)
}

function requireRight (roleAssignments: RoleAssignments, claims: Partial<Claims>, request: FastifyRequest,
  tenantId: string): void {
  const action = actionOf(request)
  if (action === undefined) return
  const { oid } = claims
  if (typeof oid !== 'string') throw new ArmError('ObjectIdMissing', {}, challenge(tenantId, INVALID))
  const scope = scopeOf(request)
  if (!roleAssignments.allows(oid, action, scope)) {
    throw new ArmError('AuthorizationFailed', { client: clientOf(claims) ?? oid, objectId: oid, action, scope })
  }
}

/** The action of the operation, with the resource provider of the path where it names one. */
export function actionOf ({ operation, params }: FastifyRequest): string | undefined {
  const { resourceProviderNamespace } = params as { readonly resourceProviderNamespace?: string }
  return operation?.action?.replace('{resourceProviderNamespace}', () => resourceProviderNamespace!)
}

/**
 * The scope for a right: the resource itself, for a list what is above it, and outside of resource groups the
 * subscription. Recorded: azure-sdk-for-net #1157, azure-sdk-for-go #3117, terraform #18180, aztfexport #54 and
 * vagrant-azure #164. Inferred for lists below a resource.
 */
export function scopeOf ({ resourceId, operation }: FastifyRequest): string {
  if (resourceId === undefined) return ''
  const { resourceGroup, text } = resourceId
  if (resourceGroup === undefined) return text.split('/', 3).join('/')
  return operation?.isList ? text.slice(0, text.lastIndexOf('/')) : text
}

/** The name of a user (recorded: azure-powershell #12115, azure-cli #30789) or the id of an application. */
export function clientOf ({ upn, unique_name: uniqueName, appid }: Partial<Claims>): string | undefined {
  return [upn, uniqueName, appid].find(name => typeof name === 'string')
}
