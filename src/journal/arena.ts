/** In bytes. */
const SIZE = 256 * 1024

/** Node's internal write method. `write` calls it after argument checks that take as long as the copy itself. */
interface Bytes extends Buffer {
  latin1Write (text: string, offset: number, length: number): number
}

/** Keeps texts outside V8's heap, where the garbage collector would move each of them twice. */
export class Arena {
  readonly #bytes: Bytes
  #used = 0

  constructor (size = SIZE) {
    this.#bytes = Buffer.allocUnsafeSlow(size) as Bytes
  }

  /** The offset of the next text. */
  get used (): number {
    return this.#used
  }

  get size (): number {
    return this.#bytes.length
  }

  /** The bytes that are left. */
  get free (): number {
    return this.#bytes.length - this.#used
  }

  /** Adds a text with one character for each byte. Returns the offset of its end. */
  add (text: string): number {
    if (text !== '') this.#used += this.#bytes.latin1Write(text, this.#used, text.length)
    return this.#used
  }

  read (start: number, end: number, encoding: 'latin1' | 'utf8'): string {
    return this.#bytes.toString(encoding, start, end)
  }

  /** Removes all texts. */
  clear (): void {
    this.#used = 0
  }
}
