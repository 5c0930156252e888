import { TokenError, type Tokens } from './tokens.js'

const DAY = 24 * 60 * 60

/** Lifetimes, in seconds, of the grants that a user's sign-in gives a client (documented: Entra's defaults). */
const LIFETIMES = { refresh_token: 90 * DAY, device_code: 15 * 60 } as const

/** The parameter in which a client sends the grant. */
export type UserGrantKind = keyof typeof LIFETIMES

/** What a user's sign-in allows a client. */
export interface UserGrant {
  readonly tenantId: string
  readonly clientId: string
  readonly userName: string
  /** The scope of the sign-in: the default when the grant is redeemed without a scope. */
  readonly scope?: string
}

/**
 * Refresh tokens and device codes. Each is a signed token that holds the whole grant: nothing is stored here, and they
 * stay valid after a restart.
 */
export class UserGrants {
  readonly #tokens: Tokens

  constructor (tokens: Tokens) {
    this.#tokens = tokens
  }

  lifetimeOf (kind: UserGrantKind): number {
    return LIFETIMES[kind]
  }

  async issue (kind: UserGrantKind, { tenantId, clientId, userName, scope }: UserGrant): Promise<string> {
    const now = Math.floor(this.#tokens.now().getTime() / 1000)
    const times = { iat: now, exp: now + LIFETIMES[kind] }
    const about = { tid: tenantId, oid: clientId, upn: userName, scope }
    return await this.#tokens.sign({ aud: audienceOf(kind), iss: 'azrun', ...about, ...times })
  }

  /** The grant, or why it is refused. */
  async redeem (kind: UserGrantKind, text: string): Promise<UserGrant | 'invalid' | 'expired'> {
    try {
      const { aud, tid, oid, upn, scope } = await this.#tokens.open(text)
      if (aud !== audienceOf(kind) || !isText(tid) || !isText(oid) || !isText(upn)) return 'invalid'
      return { tenantId: tid, clientId: oid, userName: upn, scope: isText(scope) ? scope : undefined }
    } catch (error) {
      if (error instanceof TokenError) return error.reason
      throw error
    }
  }
}

function audienceOf (kind: UserGrantKind): string {
  return `urn:azrun:${kind}`
}

function isText (value: unknown): value is string {
  return typeof value === 'string'
}
