import { closeSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Decodes the last `max` bytes from the first whole character on; invalid UTF-8 becomes U+FFFD. */
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

/** A text to be replaced wherever it is, and what stands there then. Neither is empty. */
export interface Replacement {
  readonly text: string
  readonly by: string
}

/** The UTF-8 bytes of a text, each as one character. */
function latin1 (text: string): string {
  return Buffer.from(text).toString('latin1')
}

/**
 * A file for a stream of a program. It has no name and disappears once no process has it open. The calls are
 * synchronous: each is a system call on a small new file, and passing it to another thread would take longer.
 */
export class OutputFile {
  readonly fd: number

  /** Creates the file on the file system of `directory`, which has no new entry afterwards. */
  constructor (directory: string) {
    const path = join(directory, '.azrun-output')
    // Append mode, so that several writers do not overwrite each other.
    this.fd = openSync(path, 'ax+', 0o600)
    unlinkSync(path)
  }

  /** How many bytes were written. */
  get size (): number {
    return fstatSync(this.fd).size
  }

  /** The last `max` bytes, as text, in which one text stands for another. */
  readEnd (max: number, replacement?: Replacement): string {
    if (replacement === undefined) return lastBytes(this.#readLast(max), max)
    const { text, by } = replacement
    // As many as become `max` bytes, even if each is a part of the text, which may begin before them.
    const last = this.#readLast(Math.ceil(max * Math.max(1, text.length / by.length)) + text.length)
    // Latin-1 keeps each byte, as neither text has other characters in UTF-8 than the output.
    const replaced = last.toString('latin1').replaceAll(latin1(text), () => latin1(by))
    return lastBytes(Buffer.from(replaced, 'latin1'), max)
  }

  /** At least the last `max` bytes, and one more if there is one: then `lastBytes` sees that the text is cut. */
  #readLast (max: number): Buffer {
    const { size } = this
    const bytes = Buffer.alloc(Math.min(size, max + 1))
    const length = readSync(this.fd, bytes, 0, bytes.length, size - bytes.length)
    return bytes.subarray(0, length)
  }

  close (): void {
    closeSync(this.fd)
  }
}
