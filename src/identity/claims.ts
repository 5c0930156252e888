import { derivedId } from '../core/ids.js'

/** The user or application that a token identifies. */
export type Principal =
  | {
    readonly kind: 'app'
    readonly clientId: string
    readonly objectId: string
    /** Only for a managed identity: its resource's id if it is system-assigned, else its own resource id. */
    readonly resourceId?: string
  }
  | {
    readonly kind: 'user'
    /** The application that the user signed in to. */
    readonly clientId: string
    readonly objectId: string
    /** Such as `user@azrun.onmicrosoft.com`. */
    readonly name: string
  }

/** The claims of any JSON Web Token (RFC 7519). */
export interface JwtClaims {
  readonly iss?: string
  readonly sub?: string
  readonly aud?: string | string[]
  readonly nbf?: number
  readonly exp?: number
  readonly iat?: number
  readonly [claim: string]: unknown
}

/** The claims of an access token that azrun reads. */
export interface Claims extends JwtClaims {
  readonly aud: string
  readonly iss: string
  readonly tid: string
  readonly oid: string
  readonly exp: number
  readonly appid?: string
  readonly idtyp?: string
  readonly upn?: string
  readonly unique_name?: string
  readonly name?: string
  readonly xms_mirid?: string
}

export interface AccessTokenRequest {
  readonly tenantId: string
  readonly audience: string
  readonly principal: Principal
  /** How the application authenticated. Default: `secret` for an application, `none` for a user. */
  readonly credential?: keyof typeof CREDENTIALS
}

/** Values of the claim `appidacr` (documented: access token claims reference). */
const CREDENTIALS = { none: '0', secret: '1', certificate: '2' } as const

/** The claims of a version 1.0 access token except its times (documented: access token claims reference). */
export function accessClaims ({ tenantId, audience, principal, credential }: AccessTokenRequest, id: string) {
  const { clientId, objectId } = principal
  const common = {
    aud: audience,
    iss: `https://sts.windows.net/${tenantId}/`,
    appid: clientId,
    appidacr: CREDENTIALS[credential ?? (principal.kind === 'app' ? 'secret' : 'none')],
    idp: `https://sts.windows.net/${tenantId}/`,
    oid: objectId,
    tid: tenantId,
    uti: shortened(id),
    ver: '1.0'
  }
  if (principal.kind === 'app') {
    const { resourceId } = principal
    return { ...common, idtyp: 'app', sub: objectId, ...resourceId !== undefined && { xms_mirid: resourceId } }
  }
  return { ...common, idtyp: 'user', sub: pairwise(principal), ...names(principal), amr: ['pwd'], scp: 'user_impersonation' }
}

export interface IdTokenRequest {
  readonly tenantId: string
  /** The origin of the authority: version 2.0 issuers begin with it. */
  readonly origin: string
  readonly principal: Extract<Principal, { kind: 'user' }>
  readonly nonce?: string
}

/** The claims of a version 2.0 id token except its times (documented: id token claims reference). */
export function idClaims ({ tenantId, origin, principal, nonce }: IdTokenRequest, id: string) {
  const { name, upn } = names(principal)
  return {
    aud: principal.clientId,
    iss: `${origin}/${tenantId}/v2.0`,
    name,
    ...nonce !== undefined && { nonce },
    oid: principal.objectId,
    preferred_username: upn,
    sub: pairwise(principal),
    tid: tenantId,
    uti: shortened(id),
    ver: '2.0'
  }
}

function names ({ name }: Extract<Principal, { kind: 'user' }>) {
  return { name: name.split('@')[0]!, unique_name: name, upn: name }
}

/** A user's `sub` differs between applications. */
function pairwise ({ clientId, objectId }: Principal): string {
  return shortened(derivedId(`${clientId}/${objectId}`))
}

function shortened (id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
}
