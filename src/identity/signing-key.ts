import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { JWK } from 'jose'
import { ignoreMissing, readOrMake } from '../data-dir.js'
import { thumbprint } from './thumbprint.js'

/** What signs tokens: ES256, which costs a small part of what RS256 does. */
export interface SigningKey {
  /** The thumbprint of the public key (RFC 7638). */
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** The public key as discovery shows it. */
  readonly jwk: JWK
}

/** A key of its own, kept nowhere: for an emulator without a port. */
export async function makeSigningKey (): Promise<SigningKey> {
  return signingKey(await generate())
}

/**
 * The key of the data directory, made on first use and kept with mode 0600, so that tokens outlive a restart. What is
 * there and is no such key is replaced.
 */
export async function readOrMakeSigningKey (dataDir: string): Promise<SigningKey> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  return await readOrMake(join(dataDir, 'signing-key'), {
    read,
    make: makeSigningKey,
    async write ({ privateKey }, directory) {
      const pem = privateKey.export({ format: 'pem', type: 'pkcs8' })
      await writeFile(join(directory, 'key.pem'), pem, { mode: 0o600 })
    }
  })
}

async function generate (): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })).privateKey
}

function signingKey (privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(privateKey)
  const jwk = publicKey.export({ format: 'jwk' }) as JWK
  const kid = thumbprint(jwk)
  return { kid, privateKey, publicKey, jwk: { ...jwk, kid, use: 'sig', alg: 'ES256' } }
}

async function read (directory: string): Promise<SigningKey | undefined> {
  const pem = await readFile(join(directory, 'key.pem'), 'utf8').catch(ignoreMissing)
  if (pem === undefined) return undefined
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    return undefined
  }
  return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? signingKey(key) : undefined
}
