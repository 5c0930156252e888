import { createHash } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { OptionError } from '../core/usage-error.js'
import { certificateIn, layoutOf, type DataLayout } from '../files/data-layout.js'
import { loadOrCreate, type Found } from '../files/load-or-create.js'
import { makeDirectory } from '../files/make-directory.js'
import { whyNotStored } from '../files/why-unwritable.js'
import { writeFileAtomic } from '../files/write-atomic.js'
import { loadOrCreateAuthority, LOOPBACK, type AuthorityOptions } from './authority.js'
import type { KeyPair } from './key-pair.js'
import { permits } from './name-constraints.js'
import type { OwnCertificate } from './own-certificate.js'
import { readCertificate, readPair, writePair } from './stored-pair.js'

export interface Certificates {
  /** The certificate that clients must trust, in PEM, and a file that keeps it even if the CA is replaced. */
  readonly ca: string
  readonly caFile: string
  /** The certificate for a host, by default azrun itself; always the user's own if there is one. */
  leafFor (host?: string): Promise<KeyPair>
}

export interface CertificateOptions {
  readonly dataDir: string
  /** To use instead of generated certificates. */
  readonly own?: OwnCertificate | undefined
  /** The name of this machine. The leaf has it only if the CA permits it: a container has a new one at each start. */
  readonly machineName?: string
  /** Called before a CA is created. If it rejects, the stored one stays, and `certificatesFor` rejects likewise. */
  beforeCreating?: () => Promise<void>
}

/**
 * The certificates to serve: the user's own, or leaves signed by the CA in the data directory. azrun's own leaf is for
 * `hosts` and loopback. The CA is created now and a leaf once a client needs it, in directories of mode 0700 with keys
 * of mode 0600. Each is replaced a month before it expires. `warn` gets what clients or the user must know about
 * replacements and repairs. Throws an `OptionError` for a data directory that cannot be used.
 */
export async function certificatesFor (options: CertificateOptions, hosts: readonly string[],
  warn: (message: string) => void): Promise<Certificates> {
  const { dataDir, own, machineName, beforeCreating = async () => {} } = options
  if (own !== undefined) return { ca: own.pair.cert, caFile: resolve(own.file), leafFor: async () => own.pair }
  const required = [...LOOPBACK, ...hosts.filter(isName)]
  const desired = machineName === undefined || !isName(machineName) ? [] : [machineName]
  try {
    makeDirectory(resolve(dataDir))
    return await loadOrCreateBoth(dataDir, { required, desired, beforeCreating: refusing(beforeCreating), warn })
  } catch (error) {
    if (error instanceof Refused) throw error.cause
    throw new OptionError('dataDir', `${dataDir} cannot hold azrun's certificates: ${whyNotStored(error)}`)
  }
}

/** A CA must not be created, for the reason in `cause`. */
class Refused extends Error {}

function refusing (beforeCreating: () => Promise<void>): () => Promise<void> {
  return () => beforeCreating().catch((cause: unknown) => { throw new Refused('the CA is not created', { cause }) })
}

/** Whether a certificate can have this name: not a wildcard address, and not a name that is invalid in DNS. */
function isName (host: string): boolean {
  // Node's first check for IPv6 takes 2 ms, because it compiles a pattern.
  const isAddress = host.includes(':') ? isIPv6(host) : isIPv4(host)
  return isAddress ? !host.includes('%') && !WILDCARDS.has(host) : /^[\w-]+(?:\.[\w-]+)*$/.test(host)
}

const WILDCARDS = new Set(['0.0.0.0', '::'])

async function loadOrCreateBoth (dataDir: string, options: AuthorityOptions): Promise<Certificates> {
  const { required, desired, warn } = options
  const layout = layoutOf(resolve(dataDir))
  const ca = await loadOrCreateAuthority(layout.authority, options)
  const names = [...new Set([...required, ...desired.filter(name => permits(ca.permitted, name))])]
  const leafFor = async (hosts: readonly string[]) => {
    const id = idOf(`${ca.cert}\n${hosts.join('\n')}`)
    const make = async () => (await import('./x509.js')).createLeaf(ca, hosts)
    return await loadOrCreate(layout.leaf(id), {
      read: directory => readLeaf(directory, warn),
      make,
      write: writePair,
      replaced () {}
      // With a read-only CA, a leaf cannot be stored either, but it still works.
    }).catch(make)
  }
  const caFile = keepOwn(layout, ca.cert) ?? certificateIn(layout.authority)
  return { ca: ca.cert, caFile, leafFor: host => leafFor(host === undefined ? names : [host]) }
}

/** Stores the CA's certificate in another file, because another azrun may replace the CA. Undefined if that fails. */
function keepOwn ({ authorityCopy }: DataLayout, cert: string): string | undefined {
  const file = authorityCopy(idOf(cert))
  try {
    if (readCertificate(file) === cert) return file
  } catch {}
  try {
    writeFileAtomic(file, cert)
    return file
  } catch {
    return undefined
  }
}

function idOf (text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Reads a leaf. Whatever is wrong with it, azrun can replace it. */
function readLeaf (directory: string, warn: (message: string) => void): Found<KeyPair> | undefined {
  try {
    return readPair(directory, warn)
  } catch {
    return { unusable: 'could not be read' }
  }
}
