/** In bytes. */
const SIZE = 256 * 1024

/** Node's own way to write, which `write` calls after it has looked at its arguments for as long as the copy takes. */
interface Bytes extends Buffer {
  latin1Write (text: string, offset: number, length: number): number
}

/** Keeps texts outside of V8's heap, where the garbage collector would move each of them twice. */
export class Arena {
  readonly #bytes: Bytes
  #used = 0

  constructor (size = SIZE) {
    this.#bytes = Buffer.allocUnsafeSlow(size) as Bytes
  }

  /** Where the next text begins. */
  get used (): number {
    return this.#used
  }

  /** How long it may be. */
  get free (): number {
    return this.#bytes.length - this.#used
  }

  /** Adds a text that has one character for each byte. Returns where it ends. */
  add (text: string): number {
    if (text !== '') this.#used += this.#bytes.latin1Write(text, this.#used, text.length)
    return this.#used
  }

  read (start: number, end: number, encoding: 'latin1' | 'utf8'): string {
    return this.#bytes.toString(encoding, start, end)
  }

  /** Makes room for other texts. */
  clear (): void {
    this.#used = 0
  }
}
