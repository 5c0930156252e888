import type { FastifyRequest } from 'fastify'
import type { Clock } from '../core/clock.js'
import { clouds, cloudOf } from '../core/clouds.js'
import type { Subscriptions } from '../core/subscriptions.js'
import type { RoleAssignments } from '../identity/role-assignments.js'
import { loadJose } from '../identity/jose.js'
import { TokenError, type Claims, type Tokens } from '../identity/tokens.js'
import { originOf } from '../plugins/origin.js'
import { ArmError } from './errors.js'

/** `any`: a bearer token must be there. `strict`: it must be good as well. `off`: none is asked for. */
export type AuthMode = 'any' | 'strict' | 'off'

export interface AuthorizationOptions {
  readonly auth: AuthMode
  readonly tokens: Tokens
  readonly roleAssignments: RoleAssignments
  readonly subscriptions: Subscriptions
  readonly clock: Clock
}

type Check = (request: FastifyRequest) => Promise<void>

/** Taken without case, and with or without a slash at the end. */
const AUDIENCES = clouds.flatMap(({ audiences }) => audiences)

const INVALID = 'The access token is invalid.'

/** Throws Azure's 401, which names the tenant, unless the header holds a bearer token. */
export function requireBearer (authorization: string | undefined, tenantId: () => string): void {
  if (authorization === undefined) throw new ArmError('AuthenticationFailed', {}, challenge(tenantId()))
  if (/^Bearer +\S/i.test(authorization)) return
  const name = /^Bearer *$/i.test(authorization) ? 'AccessTokenMissing' : 'AuthorizationHeaderInvalid'
  throw new ArmError(name, {}, challenge(tenantId()))
}

/** The tenant that a challenge names: that of the subscription asked for, else of the first there is. */
export function tenantOf (subscriptions: Subscriptions, subscriptionId: string | undefined): string {
  const subscription = subscriptionId === undefined ? undefined : subscriptions.find(subscriptionId)
  return (subscription ?? subscriptions.default).tenantId
}

/**
 * What is checked of a token that is there, and of its principal's rights; undefined where neither matters, so that
 * requests need not wait. The checks reject with Azure's 401 and 403.
 */
export function createAuthorization (options: AuthorizationOptions): Check | undefined {
  const { auth, roleAssignments, subscriptions } = options
  if (auth === 'off' || (auth === 'any' && !roleAssignments.areDeclared)) return undefined
  return async request => {
    const tenantId = tenantOf(subscriptions, (request.params as { subscriptionId?: string }).subscriptionId)
    const token = request.headers.authorization!.replace(/^Bearer +/i, '')
    const claims = auth === 'strict' ? await verified(options, token, tenantId, request) : await decoded(token, tenantId)
    if (roleAssignments.areDeclared) requireRight(roleAssignments, claims, request, tenantId)
  }
}

async function verified ({ tokens, clock, subscriptions }: AuthorizationOptions, token: string, tenantId: string,
  request: FastifyRequest): Promise<Claims> {
  const claims = await tokens.verify(token).catch((error: unknown) => {
    if (!(error instanceof TokenError)) throw error
    if (error.reason === 'invalid') throw invalid(tenantId)
    const times = { expiry: americanTime(new Date(error.claims!.exp * 1000)), now: americanTime(clock.now()) }
    throw new ArmError('ExpiredAuthenticationToken', times, challenge(tenantId, 'The access token has expired.'))
  })
  const { aud, tid } = claims
  const { subscriptionId } = request.params as { subscriptionId?: string }
  if (![...AUDIENCES, ...ownAudience(request)].includes(aud.toLowerCase().replace(/\/$/, ''))) {
    const description = 'The access token has been obtained for wrong audience.'
    throw new ArmError('InvalidAuthenticationTokenAudience', { audience: aud }, challenge(tenantId, description))
  }
  const isOfTenant = subscriptionId !== undefined && subscriptions.isDeclared(subscriptionId)
  if (isOfTenant && tid.toLowerCase() !== tenantId.toLowerCase()) {
    const description = 'The access token is from the wrong issuer.'
    throw new ArmError('InvalidAuthenticationTokenTenant', { tenant: tid, tenantId }, challenge(tenantId, description))
  }
  return claims
}

/** azrun's own address is an audience too, for who knows it by that; Azure's hosts are what the clouds say. */
function ownAudience (request: FastifyRequest): string[] {
  return cloudOf(request.hostname.toLowerCase()) === undefined ? [originOf(request).toLowerCase()] : []
}

/** What a token says of itself: mode `any` believes it. */
async function decoded (token: string, tenantId: string): Promise<Partial<Claims>> {
  const { decodeJwt } = await loadJose()
  try {
    return decodeJwt(token)
  } catch {
    throw invalid(tenantId)
  }
}

function requireRight (roleAssignments: RoleAssignments, { oid, appid }: Partial<Claims>,
  request: FastifyRequest, tenantId: string): void {
  const { action } = request.routeOptions.config
  if (action === undefined) return
  if (typeof oid !== 'string') throw new ArmError('ObjectIdMissing', {}, challenge(tenantId, INVALID))
  const scope = scopeOf(request)
  if (!roleAssignments.allows(oid, action, scope)) {
    throw new ArmError('AuthorizationFailed', { client: typeof appid === 'string' ? appid : oid, objectId: oid, action, scope })
  }
}

/** The resource that an action is done to: the path, without the name of the action. */
function scopeOf ({ url, method }: FastifyRequest): string {
  const path = decodeURI(url.split('?', 1)[0]!).replace(/\/+$/, '')
  return method === 'POST' ? path.slice(0, path.lastIndexOf('/')) : path
}

function invalid (tenantId: string): ArmError {
  return new ArmError('InvalidAuthenticationToken', {}, challenge(tenantId, INVALID))
}

/** Recorded verbatim in the tests of azcore, azure-sdk-for-net and azure-identity; other descriptions are inferred. */
function challenge (tenantId: string,
  description = "The authentication failed because of missing 'Authorization' header."): string[] {
  return ['WWW-Authenticate',
    `Bearer authorization_uri="https://login.windows.net/${tenantId}", error="invalid_token", error_description="${description}"`]
}

/** `3/19/2023 8:55:46 AM` (recorded: terraform-provider-azurerm #20867). */
function americanTime (date: Date): string {
  const hours = date.getUTCHours()
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`
  const time = `${hours % 12 === 0 ? 12 : hours % 12}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`
  return `${day} ${time} ${hours < 12 ? 'AM' : 'PM'}`
}

function twoDigits (value: number): string {
  return `${value}`.padStart(2, '0')
}
