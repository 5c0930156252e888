import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import type { PublicJwk } from './jwk.js'
import { thumbprint } from './signing-key.js'

/** A public key that verifies tokens, and the only algorithm that it is used with. */
export interface VerificationKey {
  readonly algorithm: 'ES256' | 'RS256'
  readonly key: KeyObject
}

/** Declared keys by their `kid` or, without one, by their thumbprint. Private members are ignored. */
export function trustedKeys (declared: readonly PublicJwk[]): Map<string, VerificationKey> {
  return new Map(declared.map(jwk => [jwk.kid ?? thumbprint(jwk), verificationKey(jwk)]))
}

/** Throws an error that says what is wrong with a key that is neither RSA with at least 2048 bits nor P-256. */
export function verificationKey (jwk: PublicJwk): VerificationKey {
  const algorithm = jwk.kty === 'RSA' ? 'RS256' : jwk.kty === 'EC' && jwk.crv === 'P-256' ? 'ES256' : undefined
  if (algorithm === undefined) {
    throw new Error(`must be an RSA or P-256 public key, not ${jwk.kty} ${jwk.crv ?? ''}`.trim())
  }
  let key: KeyObject
  try {
    key = createPublicKey({ key: publicMembers(jwk) as JsonWebKey, format: 'jwk' })
  } catch (error) {
    throw new Error(`is not a valid key: ${(error as Error).message}`)
  }
  const { modulusLength = Infinity } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < 2048) throw new Error(`must have at least 2048 bits, not ${modulusLength}`)
  return { algorithm, key }
}

function publicMembers ({ kty, crv, x, y, n, e }: PublicJwk): PublicJwk {
  return kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }
}
