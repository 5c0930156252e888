import { derivedId } from '../core/derived-id.js'

/** Whom a token speaks for. */
export type Principal =
  | {
    readonly kind: 'app'
    readonly clientId: string
    readonly objectId: string
    /** Of a managed identity: the resource that it belongs to, or its own id. */
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

export interface AccessTokenRequest {
  readonly tenantId: string
  readonly audience: string
  readonly principal: Principal
  /** How the application showed who it is. Default: a secret for an application, nothing for one of a user. */
  readonly credential?: keyof typeof CREDENTIALS
}

/** As the claim `appidacr` says it (documented: access token claims reference). */
const CREDENTIALS = { none: '0', secret: '1', certificate: '2' } as const

/** Claims of an access token of version 1.0, but for its times (documented: access token claims reference). */
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
  /** The origin of the authority, which is where version 2.0 has its issuer. */
  readonly origin: string
  readonly principal: Extract<Principal, { kind: 'user' }>
  readonly nonce?: string
}

/** Claims of an id token of version 2.0, but for its times (documented: id token claims reference). */
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

/** A user is somebody else to each application. */
function pairwise ({ clientId, objectId }: Principal): string {
  return shortened(derivedId(`${clientId}/${objectId}`))
}

function shortened (id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
}
