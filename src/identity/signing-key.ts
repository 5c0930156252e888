import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { OptionError } from '../core/usage-error.js'
import { keyIn, layoutOf } from '../files/data-layout.js'
import { loadOrCreate, type Found } from '../files/load-or-create.js'
import { makeDirectory } from '../files/make-directory.js'
import { readPrivate, writePrivate } from '../files/private-file.js'
import { whyNotStored } from '../files/why-unwritable.js'
import type { PublicJwk } from './jwk.js'

/** The key that signs tokens. It uses ES256, which is much cheaper than RS256. */
export interface SigningKey {
  /** The thumbprint of the public key (RFC 7638). */
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The public key as discovery publishes it. */
  readonly jwk: PublicJwk
}

/** A new key that is not stored: for an emulator without a port. */
export async function createSigningKey (): Promise<SigningKey> {
  return signingKey(await generate())
}

/**
 * The key of the data directory, created on first use with mode 0600, so that tokens stay valid after a restart. A key
 * that is damaged or readable by everybody is replaced, with a warning. Throws an `OptionError` if the data directory
 * cannot be used.
 */
export async function loadOrCreateSigningKey (dataDir: string,
  warn: (message: string) => void): Promise<SigningKey> {
  const directory = directoryIn(dataDir)
  try {
    makeDirectory(resolve(dataDir))
    return await loadOrCreate(directory, {
      read: directory => read(directory, warn),
      make: createSigningKey,
      async write ({ privateKey }, directory) {
        await writePrivate(keyIn(directory), `${privateKey.export({ format: 'pem', type: 'pkcs8' })}`)
      },
      replaced: why => warn(`the signing key in ${directory} ${why}; azrun has replaced it, and tokens issued before ` +
        'are no longer valid')
    })
  } catch (error) {
    throw unusable(dataDir, error)
  }
}

/**
 * Whether the data directory has a private key file. A damaged key counts, because parsing it would slow down each
 * start. Throws an `OptionError` if the file cannot be read. Warns if other users can read it.
 */
export function hasSigningKey (dataDir: string, warn: (message: string) => void): boolean {
  try {
    const found = readPrivate(keyIn(directoryIn(dataDir)), warn)
    return found !== undefined && 'value' in found
  } catch (error) {
    throw unusable(dataDir, error)
  }
}

function directoryIn (dataDir: string): string {
  return layoutOf(resolve(dataDir)).signingKey
}

function unusable (dataDir: string, error: unknown): OptionError {
  return new OptionError('dataDir', `${dataDir} cannot hold azrun's signing key: ${whyNotStored(error)}`)
}

async function generate (): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })).privateKey
}

function signingKey (privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey)
  const jwk = publicKey.export({ format: 'jwk' }) as PublicJwk
  const kid = thumbprint(jwk)
  return { kid, privateKey, publicKey, jwk: { ...jwk, kid, use: 'sig', alg: 'ES256' } }
}

function read (directory: string, warn: (message: string) => void): Found<SigningKey> | undefined {
  const found = readPrivate(keyIn(directory), warn)
  if (found === undefined || 'unusable' in found) return found
  const known = parsed.get(found.value)
  if (known !== undefined) return { value: known }
  let key: KeyObject
  try {
    key = createPrivateKey(found.value)
  } catch {
    return { unusable: 'was damaged' }
  }
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return { unusable: 'was of another kind' }
  const value = signingKey(key)
  parsed.set(found.value, value)
  return { value }
}

/** The keys that this process has read, by their PEM. Emulators share directories, and a key takes long to parse. */
const parsed = new Map<string, SigningKey>()

/** The id of a public key (RFC 7638): the base64url SHA-256 hash of its required members in alphabetical order. */
export function thumbprint ({ kty, crv, x, y, n, e }: PublicJwk): string {
  const text = JSON.stringify(kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y })
  return createHash('sha256').update(text).digest('base64url')
}
