import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { createSecureContext } from 'node:tls'
import { OptionError } from '../core/usage-error.js'
import { readBounded } from '../files/read-bounded.js'
import { whyUnreadable } from '../files/why-unreadable.js'
import type { KeyPair } from './key-pair.js'

/** What the file of each option must contain, and the openssl command that converts it from DER. */
const PEM = {
  cert: { label: '-----BEGIN CERTIFICATE-----', kind: /-----BEGIN CERTIFICATE-----/, command: 'x509' },
  key: { label: '-----BEGIN PRIVATE KEY-----', kind: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, command: 'pkey' }
} as const

/** The user's own certificate and key, and the file of the certificate. */
export interface OwnCertificate {
  readonly pair: KeyPair
  readonly file: string
}

/** Reads the user's own certificate and key. Throws an `OptionError` that says which file is wrong, and the cure. */
export function readOwnCertificate (certFile: string, keyFile: string): OwnCertificate {
  const cert = readPem('cert', certFile)
  const key = readPem('key', keyFile)
  if (!certificateOf(cert, certFile).checkPrivateKey(privateKeyOf(key, keyFile))) {
    throw new OptionError('cert', `${certFile} is not the certificate of the key ${keyFile}: give the two that belong ` +
      'together; in a chain the certificate of the key comes first')
  }
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new OptionError('cert', `${certFile} cannot be used with the key ${keyFile}: ${(error as Error).message}; create a new pair`)
  }
  return { pair: { cert, key }, file: certFile }
}

function readPem (option: 'cert' | 'key', file: string): string {
  const text = read(option, file)
  const { label, kind, command } = PEM[option]
  if (kind.test(text)) return text
  const [other] = /-----BEGIN [A-Z ]+-----/.exec(text) ?? []
  throw new OptionError(option, `${file} must be in PEM, with a line ${label}, ` + (other === undefined
    ? `but has no such line: name another file, or convert one in DER with openssl ${command} -inform der`
    : `not ${other}: name another file`))
}

function read (option: 'cert' | 'key', file: string): string {
  try {
    return readBounded(file).toString()
  } catch (error) {
    throw new OptionError(option, `${file} ${whyUnreadable(error)}`)
  }
}

function certificateOf (cert: string, file: string): X509Certificate {
  try {
    return new X509Certificate(cert)
  } catch {
    throw new OptionError('cert', `${file} has a certificate that is damaged: copy or create it again`)
  }
}

function privateKeyOf (key: string, file: string): KeyObject {
  try {
    return createPrivateKey(key)
  } catch {
    // Node's error for an encrypted key depends on its form: `ENCRYPTED PRIVATE KEY`, or a header `4,ENCRYPTED`.
    throw new OptionError('key', key.includes('ENCRYPTED')
      ? `${file} must not have a passphrase: remove it with openssl pkey`
      : `${file} has a key that is damaged: copy or create it again`)
  }
}
