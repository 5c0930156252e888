import type { FastifyRequest } from 'fastify'
import { clouds, cloudOf } from '../core/clouds.js'
import { hostNameOf, originOf } from '../http/origin.js'
import type { Claims } from '../identity/claims.js'
import { TokenError, type Tokens } from '../identity/tokens.js'
import type { Subscriptions } from '../resources/subscriptions.js'
import type { Clock } from '../time/clock.js'
import { ArmError } from './errors/arm-error.js'

/** `any`: require a bearer token, but do not verify it. `strict`: verify it. `off`: do not require one. */
export type AuthMode = 'any' | 'strict' | 'off'

export interface AuthenticationOptions {
  readonly auth: AuthMode
  readonly tokens: Tokens
  readonly subscriptions: Subscriptions
  readonly clock: Clock
}

/** Case and a trailing slash are ignored. */
const AUDIENCES = clouds.flatMap(({ audiences }) => audiences)

export const INVALID = 'The access token is invalid.'
export const EXPIRED = 'The access token has expired.'

/** Throws Azure's 401, which names the tenant, unless the header has a bearer token. */
export function requireBearer (authorization: string | undefined, tenantId: () => string): void {
  if (authorization === undefined) throw new ArmError('AuthenticationFailed', {}, challenge(tenantId()))
  if (/^Bearer +\S/i.test(authorization)) return
  const name = /^Bearer *$/i.test(authorization) ? 'AccessTokenMissing' : 'AuthorizationHeaderInvalid'
  throw new ArmError(name, {}, challenge(tenantId()))
}

/** The tenant for a challenge: that of the requested subscription, else of the first one. */
export function tenantOf (subscriptions: Subscriptions, subscriptionId: string | undefined): string {
  const subscription = subscriptionId === undefined ? undefined : subscriptions.find(subscriptionId)
  return (subscription ?? subscriptions.default).tenantId
}

/** The claims of a request's token. Mode `strict` verifies it. Rejects with Azure's 401. */
export async function claimsOf (options: AuthenticationOptions, request: FastifyRequest,
  tenantId: string): Promise<Partial<Claims>> {
  const token = tokenOf(request)
  return options.auth === 'strict' ? await verified(options, token, tenantId, request) : await decoded(token, tenantId)
}

async function verified ({ tokens, clock, subscriptions }: AuthenticationOptions, token: string, tenantId: string,
  request: FastifyRequest): Promise<Claims> {
  const claims = await tokens.verify(token).catch((error: unknown) => {
    if (!(error instanceof TokenError)) throw error
    throw error.reason === 'invalid' ? invalid(tenantId) : expired(error.claims!.exp, clock.now(), tenantId)
  })
  const { aud, tid } = claims
  if (![...AUDIENCES, ...ownAudience(request)].includes(aud.toLowerCase().replace(/\/$/, ''))) {
    const description = 'The access token has been obtained for wrong audience.'
    throw new ArmError('InvalidAuthenticationTokenAudience', { audience: aud }, challenge(tenantId, description))
  }
  const subscriptionId = request.resourceId?.subscriptionId
  const isOfTenant = subscriptionId !== undefined && subscriptions.isDeclared(subscriptionId)
  if (isOfTenant && tid.toLowerCase() !== tenantId.toLowerCase()) {
    const description = 'The access token is from the wrong issuer.'
    throw new ArmError('InvalidAuthenticationTokenTenant', { tenant: tid, tenantId }, challenge(tenantId, description))
  }
  return claims
}

/** azrun's own address is also an audience, for clients that use it. Azure's hosts have the clouds' audiences. */
function ownAudience (request: FastifyRequest): string[] {
  return cloudOf(hostNameOf(request)) === undefined ? [originOf(request).toLowerCase()] : []
}

/** The claims of a token, which is not verified. */
async function decoded (token: string, tenantId: string): Promise<Partial<Claims>> {
  const claims = await claimsIn(token)
  if (claims === undefined) throw invalid(tenantId)
  return claims
}

/**
 * The claims of a token; undefined if the text is not a token. Nobody has verified them: those that are neither text
 * nor numbers are left out.
 */
export async function claimsIn (token: string): Promise<Partial<Claims> | undefined> {
  const { decodeJwt } = await import('jose')
  try {
    const claims = Object.entries(decodeJwt(token))
    return Object.fromEntries(claims.filter(([, value]) => ['string', 'number'].includes(typeof value)))
  } catch {
    return undefined
  }
}

/** The bearer token of a request, which must have one. */
export function tokenOf ({ headers: { authorization = '' } }: FastifyRequest): string {
  return authorization.replace(/^Bearer +/i, '')
}

/** `expiry` is in seconds since 1970. */
export function expired (expiry: number, now: Date, tenantId: string): ArmError {
  return new ArmError('ExpiredAuthenticationToken', expiryTimes(expiry, now), challenge(tenantId, EXPIRED))
}

/** The values for ExpiredAuthenticationToken. */
export function expiryTimes (expiry: number, now: Date): Readonly<Record<'expiry' | 'now', string>> {
  return { expiry: americanTime(new Date(expiry * 1000)), now: americanTime(now) }
}

function invalid (tenantId: string): ArmError {
  return new ArmError('InvalidAuthenticationToken', {}, challenge(tenantId, INVALID))
}

/** Recorded verbatim in the tests of azcore, azure-sdk-for-net and azure-identity; other descriptions are inferred. */
export function challenge (tenantId: string,
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
