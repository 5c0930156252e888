import { createHash } from 'node:crypto'
import type { JWK } from 'jose'

/** What names a public key (RFC 7638): the hash of the members that it must have, in the order of the alphabet. */
export function thumbprint ({ kty, crv, x, y, n, e }: JWK): string {
  const text = JSON.stringify(kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y })
  return createHash('sha256').update(text).digest('base64url')
}
