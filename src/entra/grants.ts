import type { IssuedToken } from '../identity/tokens.js'
import { UserGrants, type UserGrant } from '../identity/user-grants.js'
import { DEFAULT_USER, userOf } from '../identity/users.js'
import { audienceOfApplication, audienceOfResource, audienceOfUser } from './audiences.js'
import { authenticate, type Client } from './client-authentication.js'
import type { Services } from './contract.js'
import { EntraError } from './errors.js'
import { optional, required } from './requests.js'
import type { TokenRequest } from './token-endpoint.js'

export interface Granted {
  readonly issued: IssuedToken
  readonly audience: string
  /** What a user's sign-in answers besides. */
  readonly user?: UserAnswer
}

interface UserAnswer {
  readonly scope: string
  readonly refresh_token: string
  readonly id_token: string
  readonly client_info?: string
}

type GrantHandler = (request: TokenRequest) => Promise<Granted>

/** The grants by their names, of which the device code has one in each version. */
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
    return { audience, issued: await services.tokens.issue({ tenantId, audience, principal, credential }) }
  }
}

function byPassword (services: Services): GrantHandler {
  return async request => {
    const { form, tenant: { tenantId } } = request
    const { clientId } = await authenticateUsersClient(request, services)
    const userName = required(form, 'username')
    required(form, 'password')
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
    // As any secret is good where none is declared, so is any refresh token.
    if (services.servicePrincipals.areDeclared) throw new EntraError('InvalidGrant', { parameter: 'refresh_token' })
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

/** A user may sign in to an application that has nothing to show for itself, unless it has been given something. */
async function authenticateUsersClient (request: TokenRequest, services: Services): Promise<Client> {
  const client = await authenticate(request, services)
  const isConfidential = client.clientSecret !== undefined || client.certificate !== undefined
  if (isConfidential && client.credential === 'none') throw new EntraError('MissingCredential')
  return client
}

/** A grant of one tenant gets tokens of another where the path names one: so do az and PowerShell visit each. */
function ofRequest ({ tenant }: TokenRequest, { tenantId }: UserGrant): string {
  return tenant.kind === 'id' ? tenant.tenantId : tenantId
}

async function grantToUser (request: TokenRequest, services: Services, grant: UserGrant): Promise<Granted> {
  const { form, origin } = request
  const { tokens, subscriptions } = services
  const { tenantId } = grant
  const scope = optional(form, 'scope') ?? grant.scope ?? ''
  const audience = namesResource(request) ? audienceOfResource(form) : audienceOfUser(scope)
  const principal = userOf(grant.userName, grant.clientId)
  const [issued, refreshToken, idToken] = await Promise.all([
    tokens.issue({ tenantId, audience, principal }),
    new UserGrants(tokens).issue('refresh_token', grant),
    tokens.idToken({ tenantId, origin, principal, nonce: optional(form, 'nonce') })
  ])
  // Of the user's home, whichever tenant is visited: MSAL takes another home for another account of the same name.
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

/** Version 1.0 has resources; Active Directory Federation Services, which shares its path, has both. */
function namesResource ({ form, version, tenant }: TokenRequest): boolean {
  return version === 1 && !(tenant.kind === 'adfs' && form.has('scope'))
}
