import { readFileSync } from 'node:fs'
import { rootCertificates } from 'node:tls'

/** Where systems keep the certificates that they trust; the first that is there counts. As in Go's crypto/x509. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem'
]

/** The variables by which a user names a bundle of their own. */
const NAMING = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE']

/** The certificates of `ca`, of the bundles that the environment names and of the system or else node, once each. */
export function readBundle (ca: string, env: NodeJS.ProcessEnv): readonly string[] {
  const named = NAMING.flatMap(name => read(env[name]))
  const system = SYSTEM_BUNDLES.map(read).find(found => found.length > 0) ?? rootCertificates
  return withoutTwins([...certificatesIn(ca), ...named, ...system])
}

/** The certificates of `ca` and those that the user has node trust, each once, in PEM. */
export function readNodeExtras (ca: string, env: NodeJS.ProcessEnv): readonly string[] {
  return withoutTwins([...certificatesIn(ca), ...read(env['NODE_EXTRA_CA_CERTS'])])
}

/** A certificate in DER. */
export function derOf (pem: string): Buffer {
  return Buffer.from(pem.replaceAll(/-----[A-Z ]+-----/g, ''), 'base64')
}

function certificatesIn (text: string): string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----/g) ?? []
}

/** Empty for what cannot be read: the client that the user named it to would have gone without it too. */
function read (file?: string): string[] {
  if (file === undefined || file === '') return []
  try {
    return certificatesIn(readFileSync(file, 'utf8'))
  } catch {
    return []
  }
}

function withoutTwins (certificates: readonly string[]): readonly string[] {
  return [...new Map(certificates.map(pem => [pem.replaceAll(/\s/g, ''), pem])).values()]
}
