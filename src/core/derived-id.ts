import { createHash } from 'node:crypto'

/** A GUID, of the form of those made from names, that is always the same for the same text in any case. */
export function derivedId (text: string): string {
  const bytes = createHash('sha256').update(text.toLowerCase()).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x0f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
