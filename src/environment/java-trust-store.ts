import { createHash } from 'node:crypto'

const MAGIC = 0xFEEDFEED
const VERSION = 2
const TRUSTED_CERTIFICATE = 2

/** The creation time of each entry. The JVM never reads it; a constant makes the file reproducible. */
const CREATED = 0n

/**
 * A Java key store (JKS) that trusts these certificates, given in DER. Every JVM reads this format, and writing it here
 * needs no Java tool. The format is that of sun.security.provider.JavaKeyStore in OpenJDK.
 */
export function javaTrustStore (certificates: readonly Buffer[], password: string): Buffer {
  const entries = certificates.flatMap((certificate, index) => [
    int32(TRUSTED_CERTIFICATE), utf(`azrun-${index}`), int64(CREATED),
    utf('X.509'), int32(certificate.length), certificate
  ])
  const store = Buffer.concat([int32(MAGIC), int32(VERSION), int32(certificates.length), ...entries])
  return Buffer.concat([store, digestOf(store, password)])
}

function digestOf (store: Buffer, password: string): Buffer {
  const utf16 = Buffer.from(password, 'utf16le').swap16()
  return createHash('sha1').update(utf16).update('Mighty Aphrodite').update(store).digest()
}

function int32 (value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function int64 (value: bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(value)
  return bytes
}

function utf (text: string): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([length, Buffer.from(text)])
}
