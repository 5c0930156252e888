import 'reflect-metadata'
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { KeyPair } from './key-pair.js'
import { encodeNameConstraints, NAME_CONSTRAINTS } from './name-constraints.js'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 24 * 60 * 60 * 1000

/**
 * Creates a CA, valid for two years from `now`. It may sign only leaf certificates, and only for the names in
 * `permitted`, if there are any. That extension is critical, as RFC 5280 demands: a client that does not know it must
 * reject the certificate.
 */
export async function createAuthority (permitted: readonly string[] = [], now = new Date()): Promise<KeyPair> {
  const keys = await generateKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=azrun CA, O=azrun',
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(now, 730),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      ...permitted.length > 0
        ? [new x509.Extension(NAME_CONSTRAINTS, true, encodeNameConstraints(permitted))]
        : [],
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)
    ]
  })
  return toKeyPair(certificate, keys)
}

/**
 * Creates a server certificate for names and addresses. It is valid for 397 days from `now`, the longest time that
 * every client accepts, but not longer than its CA.
 */
export async function createLeaf (authority: KeyPair, names: readonly string[], now = new Date()): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.cert)
  const keys = await generateKeys()
  const { notBefore, notAfter } = validity(now, 397)
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=azrun, O=azrun',
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: ALGORITHM,
    notBefore,
    notAfter: notAfter < issuer.notAfter ? notAfter : issuer.notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map(value => ({ type: isIP(value) ? 'ip' : 'dns', value }))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer)
    ]
  })
  return toKeyPair(certificate, keys)
}

/** A validity that begins yesterday, for clients whose clocks are slow. */
function validity (now: Date, days: number): { notBefore: Date, notAfter: Date } {
  return { notBefore: new Date(now.getTime() - DAY), notAfter: new Date(now.getTime() + (days - 1) * DAY) }
}

async function generateKeys (): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
}

async function importKey (pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' })
  return await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign'])
}

function toKeyPair (certificate: x509.X509Certificate, { privateKey }: webcrypto.CryptoKeyPair): KeyPair {
  const key = KeyObject.from(privateKey).export({ format: 'pem', type: 'pkcs8' })
  return { cert: `${certificate.toString('pem')}\n`, key: `${key}` }
}
