import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'

/** Where systems store their trusted certificates; the first file found is used. As in Go's crypto/x509. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem'
]

/** Variables that name a bundle of the user's own. */
const BUNDLE_VARIABLES = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE']

/**
 * The certificates of `ca`, of the bundles named in the environment, and of the system, or of Node if the system has
 * none; in PEM, without duplicates.
 */
export function readBundle (ca: string, env: NodeJS.ProcessEnv): readonly string[] {
  const named = BUNDLE_VARIABLES.flatMap(name => read(env[name]))
  const system = SYSTEM_BUNDLES.map(read).find(found => found.length > 0) ?? rootCertificates
  return unique([...certificatesIn(ca), ...named, ...system])
}

/** The certificates of `ca` and of NODE_EXTRA_CA_CERTS, in PEM, without duplicates. */
export function readNodeExtras (ca: string, env: NodeJS.ProcessEnv): readonly string[] {
  return unique([...certificatesIn(ca), ...read(env['NODE_EXTRA_CA_CERTS'])])
}

/** Converts a certificate from PEM to DER. */
export function derOf (pem: string): Buffer {
  return Buffer.from(pem.replaceAll(/-----[A-Z ]+-----/g, ''), 'base64')
}

/** The certificates in a text, in PEM. */
export function certificatesIn (text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g) ?? []
}

/** The certificates in a file. Ignores unreadable files, as clients do. */
function read (file?: string): string[] {
  if (file === undefined || file === '') return []
  try {
    return certificatesIn(readFileSync(file, 'utf8'))
  } catch {
    return []
  }
}

/** Removes duplicates. Ignores whitespace, because bundles differ in their line breaks. */
function unique (certificates: readonly string[]): readonly string[] {
  return [...new Map(certificates.map(pem => [pem.replaceAll(/\s/g, ''), pem])).values()]
}
