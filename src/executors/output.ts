/** The last `max` bytes, as text, beginning with a whole character; what is not UTF-8 becomes U+FFFD. */
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

/** Keeps the end of a stream, in bounded memory, however much is written. */
export class OutputTail {
  readonly #max: number
  #chunks: Buffer[] = []
  #size = 0

  constructor (max: number) {
    this.#max = max
  }

  write (chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size > this.#max * 16) this.#trim()
  }

  toString (): string {
    return lastBytes(Buffer.concat(this.#chunks), this.#max)
  }

  #trim (): void {
    const all = Buffer.concat(this.#chunks)
    const kept = Buffer.from(all.subarray(-this.#max - 3))
    this.#chunks = [kept]
    this.#size = kept.length
  }
}
