import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
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
  /** A certificate for another host, kept like the first; the user's own is the only one there is. */
  leafFor (host: string): Promise<KeyPair>
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
  return { cert, key, ca: cert, caFile: resolve(certFile), leafFor: async () => ({ cert, key }) }
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
  const leafFor = async (hosts: readonly string[]) => {
    const id = createHash('sha256').update(`${ca.cert}\n${hosts.join('\n')}`).digest('hex').slice(0, 16)
    return await readOrMake(join(dataDir, `leaf-${id}`), async () => (await import('./x509.js')).createLeaf(ca, hosts))
  }
  return { ...await leafFor(names), ca: ca.cert, caFile: join(caDir, 'cert.pem'), leafFor: host => leafFor([host]) }
}

/**
 * Several processes may come first at once: each makes a pair in a directory of its own and renames it into place,
 * which succeeds for one; the others take what that one made.
 */
async function readOrMake (directory: string, make: () => Promise<KeyPair>): Promise<KeyPair> {
  const kept = await read(directory)
  if (kept !== undefined) return kept
  const draft = await mkdtemp(`${directory}-`)
  try {
    const made = await make()
    await writeFile(join(draft, 'key.pem'), made.key, { mode: 0o600 })
    await writeFile(join(draft, 'cert.pem'), made.cert)
    if (await moveTo(directory, draft)) return made
    const winner = await read(directory)
    if (winner !== undefined) return winner
    await rename(directory, join(draft, 'expired')).catch(ignoreMissing)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return await readOrMake(directory, make)
}

/** Renames the draft, unless there is something in that place. */
async function moveTo (directory: string, draft: string): Promise<boolean> {
  try {
    await rename(draft, directory)
    return true
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST'].includes(`${(error as NodeJS.ErrnoException).code}`)) return false
    throw error
  }
}

/** The pair of a directory, if it has one that is good for another month. */
async function read (directory: string): Promise<KeyPair | undefined> {
  const [cert, key] = await Promise.all(['cert.pem', 'key.pem'].map(name =>
    readFile(join(directory, name), 'utf8').catch(ignoreMissing)))
  return cert !== undefined && key !== undefined && isUsable(cert, key) ? { cert, key } : undefined
}

function isUsable (cert: string, key: string): boolean {
  try {
    const certificate = new X509Certificate(cert)
    const isPair = certificate.checkPrivateKey(createPrivateKey(key))
    return isPair && Date.parse(certificate.validTo) - Date.now() > MONTH
  } catch {
    return false
  }
}

function ignoreMissing (error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
