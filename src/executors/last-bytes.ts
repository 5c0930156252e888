/**
 * Decodes the last `max` bytes, from the first whole character on (inferred: the handler cuts at a byte, but what Azure
 * shows of half a character is not known). Invalid UTF-8 becomes U+FFFD.
 */
export function lastBytes (bytes: Buffer, max: number): string {
  if (bytes.length <= max) return bytes.toString()
  let start = bytes.length - max
  const limit = Math.min(start + 3, bytes.length)
  while (start < limit && isContinuation(bytes[start]!)) start++
  return bytes.toString('utf8', start)
}

function isContinuation (byte: number): boolean {
  return (byte & 0xc0) === 0x80
}
