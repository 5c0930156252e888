import { createHash, createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { ignoreMissing, readOrMake, type Keeping } from '../data-dir.js'
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
  const ca = await readOrMake(caDir, keeping(async () => (await import('./x509.js')).createAuthority()))
  const leafFor = async (hosts: readonly string[]) => {
    const id = createHash('sha256').update(`${ca.cert}\n${hosts.join('\n')}`).digest('hex').slice(0, 16)
    const make = async () => (await import('./x509.js')).createLeaf(ca, hosts)
    return await readOrMake(join(dataDir, `leaf-${id}`), keeping(make))
  }
  return { ...await leafFor(names), ca: ca.cert, caFile: join(caDir, 'cert.pem'), leafFor: host => leafFor([host]) }
}

/** Pairs are kept as two files, the key readable by the user alone. */
function keeping (make: () => Promise<KeyPair>): Keeping<KeyPair> {
  return {
    read,
    make,
    async write ({ cert, key }, directory) {
      await writeFile(join(directory, 'key.pem'), key, { mode: 0o600 })
      await writeFile(join(directory, 'cert.pem'), cert)
    }
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
