import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { certificateIn, keyIn } from '../files/data-layout.js'
import { ignoreENOENT, type Found } from '../files/load-or-create.js'
import { readPrivate, writePrivate } from '../files/private-file.js'
import type { KeyPair } from './key-pair.js'

const MONTH = 30 * 24 * 60 * 60 * 1000

/** The certificates of pairs that this process has checked, by their PEM. Several emulators may share a directory. */
const checked = new Map<string, X509Certificate>()

/** Stores a pair as two files; only the user can read the key. */
export async function writePair ({ cert, key }: KeyPair, directory: string): Promise<void> {
  await writePrivate(keyIn(directory), key)
  await writeFile(certificateIn(directory), cert, { flag: 'wx' })
}

/** Reads the pair of a directory. It must match, be valid for another month, and be private to this user. */
export function readPair (directory: string, warn: (message: string) => void): Found<KeyPair> | undefined {
  const cert = readCertificate(certificateIn(directory))
  const key = readPrivate(keyIn(directory), warn)
  if (cert === undefined && key === undefined) return undefined
  if (key !== undefined && 'unusable' in key) return key
  if (cert === undefined || key === undefined) return { unusable: 'was not complete' }
  const pair = { cert, key: key.value }
  const unusable = fault(pair)
  return unusable === undefined ? { value: pair } : { unusable }
}

/** The certificate of a pair. Throws if the pair is damaged or does not match. */
export function certificateOf ({ cert, key }: KeyPair): X509Certificate {
  const pair = `${cert}${key}`
  const known = checked.get(pair)
  if (known !== undefined) return known
  const certificate = new X509Certificate(cert)
  if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Mismatch()
  checked.set(pair, certificate)
  return certificate
}

class Mismatch extends Error {}

/** The content of a certificate's file; undefined if it is missing. Throws for anything that is not a file. */
export function readCertificate (file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats === undefined) return undefined
  if (!stats.isFile()) throw new Error(`${file} is not a file: remove it`)
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return ignoreENOENT(error as NodeJS.ErrnoException)
  }
}

function fault (pair: KeyPair): string | undefined {
  try {
    return Date.parse(certificateOf(pair).validTo) - Date.now() > MONTH ? undefined : 'was about to expire'
  } catch (error) {
    return error instanceof Mismatch ? 'did not match its key' : 'was damaged'
  }
}
