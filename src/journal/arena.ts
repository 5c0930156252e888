/** Memory for many entries, outside of V8's heap. */
export interface Chunk {
  readonly bytes: Buffer
  /** How many entries have their texts in it. */
  entries: number
}

/** What is kept of a request as text, without secrets. */
export interface Texts {
  /** Path and query. By itself, since to copy a signed one once more would take as long as the rest. */
  readonly url: string
  /** Method, origin, and the headers, names and values in turn, each after a line break. */
  readonly head: string
  /** Empty without a body. */
  readonly body: string
  /** As HTTP writes it; empty without a response. */
  readonly response: string
}

/** Where the texts of an entry are, one after the other. */
export interface Place {
  chunk: Chunk
  start: number
  headEnd: number
  bodyEnd: number
  end: number
}

const CHUNK = 1024 * 1024

/** Longer texts have a chunk of their own, so that little is left over at the end of one. */
const LONG = CHUNK / 16

/** Chunks that stay for the next entries when the last of theirs has gone. */
const SPARE = 4

/**
 * Keeps the texts of entries outside of V8's heap: the garbage collector would move each of them twice and look at it
 * again and again, which costs more than to handle the request.
 */
export class Arena {
  #current = chunkOf(0)
  #used = 0
  readonly #spare: Chunk[] = []

  /** Sets the place of an entry. The texts are one character for each byte, but for the body. */
  add (entry: Place, { url, head, body, response }: Texts): void {
    const bodyBytes = body === '' ? 0 : Buffer.byteLength(body)
    const length = url.length + head.length + bodyBytes + response.length
    const isLong = length > LONG
    if (!isLong && this.#used + length > this.#current.bytes.length) this.#begin()
    const chunk = isLong ? chunkOf(length) : this.#current
    const start = isLong ? 0 : this.#used
    const headEnd = start + url.length + head.length
    const bodyEnd = headEnd + bodyBytes
    chunk.bytes.write(url, start, 'latin1')
    chunk.bytes.write(head, start + url.length, 'latin1')
    if (bodyBytes > 0) chunk.bytes.write(body, headEnd)
    chunk.bytes.write(response, bodyEnd, 'latin1')
    chunk.entries++
    if (!isLong) this.#used += length
    entry.chunk = chunk
    entry.start = start
    entry.headEnd = headEnd
    entry.bodyEnd = bodyEnd
    entry.end = bodyEnd + response.length
  }

  /** Gives the memory of an entry back. */
  remove ({ chunk }: Place): void {
    if (--chunk.entries === 0 && chunk !== this.#current) this.#keepSpare(chunk)
  }

  #begin (): void {
    const before = this.#current
    this.#current = this.#spare.pop() ?? chunkOf(CHUNK)
    this.#used = 0
    if (before.entries === 0) this.#keepSpare(before)
  }

  #keepSpare (chunk: Chunk): void {
    if (chunk.bytes.length === CHUNK && this.#spare.length < SPARE) this.#spare.push(chunk)
  }
}

/** URL and head. */
export function headIn ({ chunk, start, headEnd }: Place): string {
  return chunk.bytes.toString('latin1', start, headEnd)
}

export function bodyIn ({ chunk, headEnd, bodyEnd }: Place): string {
  return chunk.bytes.toString('utf8', headEnd, bodyEnd)
}

export function responseIn ({ chunk, bodyEnd, end }: Place): string {
  return chunk.bytes.toString('latin1', bodyEnd, end)
}

/** The chunk of a place that is not set yet. */
export const NOWHERE: Chunk = { bytes: Buffer.alloc(0), entries: 0 }

function chunkOf (bytes: number): Chunk {
  return { bytes: Buffer.allocUnsafeSlow(bytes), entries: 0 }
}
