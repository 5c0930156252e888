import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { UsageError } from '../usage-error.js'

/** A certificate (or a chain of them) and the key of the first, in PEM. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

export interface Certificates extends KeyPair {
  /** The certificate that clients are to trust, in PEM, and its file. */
  readonly ca: string
  readonly caFile: string
}

const MONTH = 30 * 24 * 60 * 60 * 1000

export interface CertificateOptions {
  readonly dataDir: string
  /** The files of the user's own certificate, which is then used in place of one made here. */
  readonly cert?: string
  readonly key?: string
}

/**
 * The certificate to serve: the user's, or a leaf for these hosts and for loopback, signed by the CA of the data
 * directory. CA and leaf are made on first use and kept, in directories of mode 0700 with keys of mode 0600; either is
 * made again a month before it expires. Throws a `UsageError` for files that are no certificate with its key.
 */
export async function certificatesFor (options: CertificateOptions, hosts: readonly string[]): Promise<Certificates> {
  const { dataDir, cert, key } = options
  if (cert !== undefined && key !== undefined) return readOwn(cert, key)
  const names = [...new Set(['localhost', '127.0.0.1', '::1', ...hosts.filter(host => !WILDCARDS.has(host))])]
  try {
    return await readOrMakeBoth(dataDir, names)
  } catch (error) {
    throw new UsageError(`--data-dir ${dataDir} cannot hold azrun's certificates: ${(error as Error).message}`)
  }
}

const WILDCARDS = new Set(['0.0.0.0', '::'])

function readOwn (certFile: string, keyFile: string): Certificates {
  const cert = readPem('--cert', certFile)
  const key = readPem('--key', keyFile)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new UsageError(`--cert ${certFile} and --key ${keyFile} are no certificate and its key: ${(error as Error).message}`)
  }
  return { cert, key, ca: cert, caFile: resolve(certFile) }
}

function readPem (option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${option} ${file} cannot be read: ${(error as Error).message}`)
  }
}

async function readOrMakeBoth (dataDir: string, names: readonly string[]): Promise<Certificates> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const caDir = join(resolve(dataDir), 'ca')
  const ca = await readOrMake(caDir, async () => (await import('./x509.js')).createAuthority())
  const id = createHash('sha256').update(`${ca.cert}\n${names.join('\n')}`).digest('hex').slice(0, 16)
  const leaf = await readOrMake(join(dataDir, `leaf-${id}`), async () => (await import('./x509.js')).createLeaf(ca, names))
  return { ...leaf, ca: ca.cert, caFile: join(caDir, 'cert.pem') }
}

/**
 * Several processes may come first at once: each makes a pair in a directory of its own and renames it into place,
 * which succeeds for one; the others take what that one made.
 */
async function readOrMake (directory: string, make: () => Promise<KeyPair>): Promise<KeyPair> {
  const kept = await read(directory)
  if (kept !== undefined && isCurrent(kept)) return kept
  if (kept !== undefined) await rm(directory, { recursive: true, force: true })
  const draft = await mkdtemp(`${directory}-`)
  const made = await make()
  await writeFile(join(draft, 'key.pem'), made.key, { mode: 0o600 })
  await writeFile(join(draft, 'cert.pem'), made.cert)
  try {
    await rename(draft, directory)
    return made
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    const winner = await read(directory)
    if (winner === undefined) throw error
    return winner
  }
}

async function read (directory: string): Promise<KeyPair | undefined> {
  try {
    const [cert, key] = await Promise.all(['cert.pem', 'key.pem'].map(name => readFile(join(directory, name), 'utf8')))
    return { cert: cert!, key: key! }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function isCurrent ({ cert }: KeyPair): boolean {
  return Date.parse(new X509Certificate(cert).validTo) - Date.now() > MONTH
}
