import type { IssuedToken } from '../../identity/tokens.js'
import { UserGrants, type UserGrant } from '../../identity/user-grants.js'
import { DEFAULT_USER, isPasswordOf, type User } from '../../identity/users.js'
import { lifetimeFor } from '../effects/hook.js'
import { EntraError } from '../errors/entra-error.js'
import { optional, required } from '../forms.js'
import type { Services } from '../handler-types.js'
import { audienceOfApplication, audienceOfResource, audienceOfUser } from './audiences.js'
import { authenticate, type Client, type ClientRequest } from './client-authentication.js'

export interface TokenRequest extends ClientRequest {
  readonly version: 1 | 2
  readonly origin: string
}

export interface Granted {
  readonly issued: IssuedToken
  readonly audience: string
  /** The additional members of the response to a user's sign-in. */
  readonly user?: UserTokens
}

interface UserTokens {
  readonly scope: string
  readonly refresh_token: string
  readonly id_token: string
  readonly client_info?: string
}

type GrantHandler = (request: TokenRequest) => Promise<Granted>

/** Handlers by grant type. Versions 1.0 and 2.0 have different grant types for the device code. */
export function grantHandlers (services: Services): ReadonlyMap<string, GrantHandler> {
  const deviceCode = byDeviceCode(services)
  return new Map([
    ['client_credentials', byClientCredentials(services)],
    ['refresh_token', byRefreshToken(services)],
    ['password', byPassword(services)],
    ['urn:ietf:params:oauth:grant-type:device_code', deviceCode],
    ['device_code', deviceCode]
  ])
}

function byClientCredentials (services: Services): GrantHandler {
  return async request => {
    const { form, tenant: { tenantId } } = request
    const { clientId, objectId, credential } = await authenticate(request, services)
    if (credential === 'none') throw new EntraError('MissingCredential')
    const audience = namesResource(request) ? audienceOfResource(form) : audienceOfApplication(form)
    const principal = { kind: 'app', clientId, objectId } as const
    const token = { tenantId, audience, principal, credential, ...lifetimeFor(request.request) }
    return { audience, issued: await services.tokens.issue(token) }
  }
}

function byPassword (services: Services): GrantHandler {
  return async request => {
    const { form, tenant: { tenantId } } = request
    const { clientId } = await authenticateUsersClient(request, services)
    const userName = required(form, 'username')
    const password = required(form, 'password')
    const user = services.users.find(userName)
    if (user !== undefined && !isPasswordOf(user, password)) throw new EntraError('InvalidPassword')
    return await grantToUser(request, services, { tenantId, clientId, userName })
  }
}

function byRefreshToken (services: Services): GrantHandler {
  const grants = new UserGrants(services.tokens)
  return async request => {
    const { clientId } = await authenticateUsersClient(request, services)
    const found = await grants.redeem('refresh_token', required(request.form, 'refresh_token'))
    if (found === 'expired') throw new EntraError('RefreshTokenExpired')
    if (found !== 'invalid' && found.clientId === clientId) {
      return await grantToUser(request, services, { ...found, tenantId: ofRequest(request, found) })
    }
    // If every application and user exists, any refresh token is accepted, like any secret.
    if (!services.servicePrincipals.isOpen || !services.users.isOpen) throw new EntraError('InvalidGrant', { parameter: 'refresh_token' })
    return await grantToUser(request, services, { tenantId: request.tenant.tenantId, clientId, userName: DEFAULT_USER })
  }
}

function byDeviceCode (services: Services): GrantHandler {
  const grants = new UserGrants(services.tokens)
  return async request => {
    const { form } = request
    const { clientId } = await authenticateUsersClient(request, services)
    const code = optional(form, 'device_code') ?? optional(form, 'code') ?? required(form, 'device_code')
    const found = await grants.redeem('device_code', code)
    if (found === 'expired') throw new EntraError('DeviceCodeExpired')
    if (found === 'invalid' || found.clientId !== clientId) throw new EntraError('BadVerificationCode')
    return await grantToUser(request, services, { ...found, tenantId: ofRequest(request, found) })
  }
}

/** A user's application need not authenticate unless a secret or certificate is declared for it. */
async function authenticateUsersClient (request: TokenRequest, services: Services): Promise<Client> {
  const client = await authenticate(request, services)
  const isConfidential = client.clientSecret !== undefined || client.certificate !== undefined
  if (isConfidential && client.credential === 'none') throw new EntraError('MissingCredential')
  return client
}

/** A tenant id in the path replaces the grant's tenant: az and PowerShell use one grant for all tenants. */
function ofRequest ({ tenant }: TokenRequest, { tenantId }: UserGrant): string {
  return tenant.kind === 'id' ? tenant.tenantId : tenantId
}

async function grantToUser (request: TokenRequest, services: Services, grant: UserGrant): Promise<Granted> {
  const { form, origin } = request
  const { tokens, subscriptions } = services
  const { tenantId } = grant
  const scope = optional(form, 'scope') ?? grant.scope ?? ''
  const audience = namesResource(request) ? audienceOfResource(form) : audienceOfUser(scope)
  const { name, objectId } = userOf(grant, services)
  const principal = { kind: 'user', clientId: grant.clientId, objectId, name } as const
  const [issued, refreshToken, idToken] = await Promise.all([
    tokens.issue({ tenantId, audience, principal, ...lifetimeFor(request.request) }),
    new UserGrants(tokens).issue('refresh_token', grant),
    tokens.idToken({ tenantId, origin, principal, nonce: optional(form, 'nonce') })
  ])
  // Always the user's home tenant: to MSAL a different home is a different account of the same name.
  const clientInfo = { uid: principal.objectId, utid: subscriptions.default.tenantId }
  return {
    issued,
    audience,
    user: {
      scope: scope === '' ? 'user_impersonation' : scope,
      refresh_token: refreshToken,
      id_token: idToken,
      ...form.has('client_info') && { client_info: Buffer.from(JSON.stringify(clientInfo)).toString('base64url') }
    }
  }
}

/** The user of a grant. With a refresh token, the user may have been removed since. */
function userOf ({ userName, tenantId }: UserGrant, { users }: Services): User {
  const user = users.find(userName)
  // Entra hides the address, in these words.
  if (user === undefined) throw new EntraError('UserNotFound', { user: '{EmailHidden}', tenant: tenantId })
  return user
}

/** Version 1.0 takes a resource. Active Directory Federation Services, on the same path, also takes a scope. */
function namesResource ({ form, version, tenant }: TokenRequest): boolean {
  return version === 1 && !(tenant.kind === 'adfs' && form.has('scope'))
}
