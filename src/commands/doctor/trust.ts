import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { certificatesIn } from '../../environment/certificate-bundle.js'
import { readAuthority } from './authority.js'
import { note, ok, type Finding, type Surroundings } from './finding.js'

/** The variables that tell clients what to trust: Node.js; OpenSSL and Go; Python; curl. */
const VARIABLES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE']

/** Checks that clients of this shell trust the CA: that of the running azrun if it says so, else the stored one. */
export function checkTrust ({ config: { cert }, dataDir, running, env }: Surroundings): Finding[] {
  const authority = running?.authority?.certificate ?? readAuthority(dataDir)
  if (authority === undefined || cert !== undefined) return []
  const missing = VARIABLES.filter(name => !trusts(env[name], authority))
  if (missing.length === 0) return [ok('clients of this shell trust the CA')]
  return [note(`clients of this shell do not trust the CA, which is not in ${missing.join(', ')}: ` +
    'run them with azrun exec, or with the environment that azrun env prints')]
}

function trusts (file: string | undefined, authority: X509Certificate): boolean {
  try {
    return certificatesIn(readFileSync(file!, 'utf8')).some(pem => new X509Certificate(pem).fingerprint256 === authority.fingerprint256)
  } catch {
    return false
  }
}
