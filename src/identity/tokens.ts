import type { KeyObject } from 'node:crypto'
import type { Clock } from '../time/clock.js'
import { accessClaims, idClaims, type AccessTokenRequest, type Claims, type IdTokenRequest, type JwtClaims } from './claims.js'
import type { PublicJwk } from './jwk.js'
import { ShortLivedTokens } from './short-lived-tokens.js'
import type { SigningKey } from './signing-key.js'
import { trustedKeys, type VerificationKey } from './trusted-keys.js'
import { VerifiedTokens } from './verified-tokens.js'

/** The tolerance for clocks, in seconds (documented: TokenValidationParameters.DefaultClockSkew). */
export const CLOCK_SKEW = 300

const HOUR = 3600
const REQUIRED = ['aud', 'iss', 'tid', 'oid'] as const

/** The error for a token: `expired` if its signature and form are valid but its time is over, else `invalid`. */
export class TokenError extends Error {
  override readonly name = 'TokenError'
  readonly reason: 'invalid' | 'expired'
  /** The claims of an expired token. */
  readonly claims?: Claims

  constructor (reason: 'invalid' | 'expired', message: string, claims?: Claims) {
    super(message)
    this.reason = reason
    this.claims = claims
  }
}

export interface TokenRequest extends AccessTokenRequest, Lifetime {}

/** The lifetime of a token. */
export interface Lifetime {
  /** In seconds. Default: an hour. */
  readonly lifetime?: number
  /** Whether it ends to the second, without the tolerance for clocks. Default: false. */
  readonly isShort?: boolean
}

/** A token, and the times that the response to its request has. */
export interface IssuedToken {
  readonly token: string
  /** The seconds from now, minus one as in Entra; for a short-lived token exactly. */
  readonly expiresIn: number
  /** In seconds since 1970, like `notBefore`. */
  readonly expiresOn: number
  readonly notBefore: number
}

type Times = {
  readonly iat: number
  readonly nbf: number
  readonly exp: number
}

export interface TokensOptions {
  readonly clock: Clock
  newId (): string
  /** Called once, when a key is first needed, and again only if it fails. */
  readonly signingKey: () => Promise<SigningKey>
  /** Public keys of other issuers. */
  readonly trusted?: readonly PublicJwk[]
}

/** Issues and verifies Entra's tokens: JSON Web Tokens with the claims of version 1.0. */
export class Tokens {
  readonly shortLived = new ShortLivedTokens()
  readonly #clock: Clock
  readonly #newId: () => string
  readonly #makeKey: () => Promise<SigningKey>
  #trusted: ReadonlyMap<string, VerificationKey> = new Map()
  #verified = new VerifiedTokens()
  #signingKey: Promise<SigningKey> | undefined

  constructor ({ clock, newId, signingKey, trusted = [] }: TokensOptions) {
    this.#clock = clock
    this.#newId = newId
    this.#makeKey = signingKey
    this.trust(trusted)
  }

  /** Replaces the public keys of other issuers. Tokens of the former keys are no longer valid. */
  trust (keys: readonly PublicJwk[]): void {
    this.#trusted = trustedKeys(keys)
    this.#verified = new VerifiedTokens()
  }

  now (): Date {
    return this.#clock.now()
  }

  /** Issues an access token. */
  async issue ({ lifetime = HOUR, isShort = false, ...request }: TokenRequest): Promise<IssuedToken> {
    const expiresIn = isShort ? lifetime : lifetime - 1
    const claims = this.#timed(accessClaims(request, this.#newId()), lifetime, isShort ? Math.ceil : Math.floor)
    const token = await this.sign(claims)
    if (isShort) this.shortLived.add(token, claims.exp)
    return { token, expiresIn, expiresOn: claims.exp, notBefore: claims.nbf }
  }

  /** Issues an id token, which identifies the signed-in user. It has the claims of version 2.0. */
  async idToken (request: IdTokenRequest): Promise<string> {
    return await this.sign(this.#timed(idClaims(request, this.#newId()), HOUR))
  }

  async sign (claims: JwtClaims): Promise<string> {
    const [{ SignJWT }, { kid, privateKey }] = await Promise.all([import('jose'), this.#key()])
    return await new SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'ES256', kid }).sign(privateKey)
  }

  /** The claims of an access token issued here or signed with a trusted key. Rejects with a `TokenError`. */
  async verify (token: string): Promise<Claims> {
    const known = this.#verified.get(token)
    if (known !== undefined) {
      if (known.exp + CLOCK_SKEW > this.#clock.now().getTime() / 1000) return known
      throw new TokenError('expired', 'the token has expired', known)
    }
    const claims = asClaims(await this.open(token))
    this.#verified.add(token, claims)
    return claims
  }

  /** The claims of anything signed here or with a trusted key. Rejects with a `TokenError`. */
  async open (token: string): Promise<JwtClaims> {
    const [{ errors, jwtVerify }, own] = await Promise.all([import('jose'), this.#key()])
    const keyOf = (kid: string | undefined): VerificationKey | undefined =>
      kid === own.kid ? { algorithm: 'ES256', key: own.publicKey } : this.#trusted.get(kid ?? '')
    try {
      const { payload } = await jwtVerify(token, ({ kid, alg }): KeyObject => {
        const found = keyOf(kid)
        if (found?.algorithm !== alg) throw new TokenError('invalid', `there is no key '${kid}' for ${alg}`)
        return found.key
      }, { algorithms: ['ES256', 'RS256'], clockTolerance: CLOCK_SKEW, currentDate: this.#clock.now(), requiredClaims: ['exp'] })
      return payload
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenError('expired', error.message, asClaims(error.payload))
      throw error instanceof TokenError ? error : new TokenError('invalid', (error as Error).message)
    }
  }

  async publicKeys (): Promise<{ keys: PublicJwk[] }> {
    return { keys: [(await this.#key()).jwk] }
  }

  #key (): Promise<SigningKey> {
    this.#signingKey ??= this.#makeKey().catch(error => {
      this.#signingKey = undefined
      throw error
    })
    return this.#signingKey
  }

  /**
   * Adds the times. Like Entra's tokens, it is valid from five minutes ago, for clients whose clock is behind. A token
   * without that tolerance must not end before its lifetime, so its end is rounded up.
   */
  #timed<T extends object> (claims: T, lifetime: number, round = Math.floor): T & Times {
    const now = this.#clock.now().getTime() / 1000
    const from = Math.floor(now) - CLOCK_SKEW
    return { ...claims, iat: from, nbf: from, exp: round(now) + lifetime }
  }
}

function asClaims (payload: JwtClaims): Claims {
  const missing = REQUIRED.find(name => typeof payload[name] !== 'string')
  if (missing !== undefined) throw new TokenError('invalid', `the claim '${missing}' must be present and a string`)
  return payload as Claims
}
