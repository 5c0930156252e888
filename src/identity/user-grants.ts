import { TokenError, type Tokens } from './tokens.js'

const DAY = 24 * 60 * 60

/** What a user's sign-in leaves with a client, and how many seconds each is good for (documented: Entra's defaults). */
const LIFETIMES = { refresh_token: 90 * DAY, device_code: 15 * 60 } as const

export type UserGrantKind = keyof typeof LIFETIMES

export interface UserGrant {
  readonly tenantId: string
  readonly clientId: string
  readonly userName: string
  /** What the sign-in asked for, to be used where its redemption asks for nothing. */
  readonly scope?: string
}

/**
 * Refresh tokens and device codes. Each holds all there is to know, signed, so that nothing is kept here and a restart
 * takes none away.
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

  /** The grant, or why it is none. */
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
