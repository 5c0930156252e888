import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ignoreENOENT, type Found } from '../files/load-or-create.js'
import { readPrivate, writePrivate } from '../files/private-file.js'
import type { KeyPair } from './x509.js'

const MONTH = 30 * 24 * 60 * 60 * 1000

/** When the pairs expire that this process has checked, by their PEM. Emulators share directories. */
const expiries = new Map<string, number>()

/** Stores a pair as two files; only the user can read the key. */
export async function writePair ({ cert, key }: KeyPair, directory: string): Promise<void> {
  await writePrivate(join(directory, 'key.pem'), key)
  await writeFile(join(directory, 'cert.pem'), cert, { flag: 'wx' })
}

/** Reads the pair of a directory. It must match, be valid for another month, and be only this user's. */
export function readPair (directory: string, warn: (message: string) => void): Found<KeyPair> | undefined {
  const cert = readCertificate(join(directory, 'cert.pem'))
  const key = readPrivate(join(directory, 'key.pem'), warn)
  if (cert === undefined && key === undefined) return undefined
  if (key !== undefined && 'unusable' in key) return key
  const unusable = cert === undefined || key === undefined ? 'was not complete' : fault(cert, key.value)
  return unusable === undefined ? { value: { cert: cert!, key: key!.value } } : { unusable }
}

function readCertificate (file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return ignoreENOENT(error as NodeJS.ErrnoException)
  }
}

function fault (cert: string, key: string): string | undefined {
  const pair = `${cert}${key}`
  let expiry = expiries.get(pair)
  if (expiry === undefined) {
    try {
      const certificate = new X509Certificate(cert)
      if (!certificate.checkPrivateKey(createPrivateKey(key))) return 'did not match its key'
      expiries.set(pair, expiry = Date.parse(certificate.validTo))
    } catch {
      return 'was damaged'
    }
  }
  return expiry - Date.now() > MONTH ? undefined : 'was about to expire'
}
