import 'reflect-metadata'
import { createPrivateKey, KeyObject, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'
import type { KeyPair } from './certificates.js'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 24 * 60 * 60 * 1000

/** A new CA, good for ten years, that may sign leaves and nothing else. */
export async function createAuthority (): Promise<KeyPair> {
  const keys = await generateKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=azrun CA, O=azrun',
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(3650),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)
    ]
  })
  return toKeyPair(certificate, keys)
}

/** A server certificate for these names and addresses; 397 days, the longest that every client takes. */
export async function createLeaf (authority: KeyPair, names: readonly string[]): Promise<KeyPair> {
  const issuer = new x509.X509Certificate(authority.cert)
  const keys = await generateKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=azrun, O=azrun',
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: ALGORITHM,
    ...validity(397),
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

/** From yesterday, for clients whose clock is behind. */
function validity (days: number): { notBefore: Date, notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - DAY), notAfter: new Date(now + (days - 1) * DAY) }
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
