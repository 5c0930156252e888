import { closeSync, fchownSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_PIECE, piecesOf } from './sinks.js'

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
 * Replaces the text in a stream that comes in pieces; without a piece it returns the rest. It keeps back what may be
 * the beginning of the text.
 */
function createReplacer ({ text, by }: Replacement): (bytes?: Buffer) => Buffer {
  // Latin-1 keeps each byte, as neither text has other characters in UTF-8 than the output.
  const [from, to] = [latin1(text), latin1(by)]
  let kept = ''
  return bytes => {
    const parts = (kept + (bytes?.toString('latin1') ?? '')).split(from)
    const last = parts.pop()!
    const end = bytes === undefined ? last.length : Math.max(0, last.length - from.length + 1)
    kept = last.slice(end)
    return Buffer.from([...parts, last.slice(0, end)].join(to), 'latin1')
  }
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

  /** All of it, in which one text stands for another. */
  * pieces (replacement?: Replacement): Generator<Buffer> {
    const replace = replacement === undefined ? undefined : createReplacer(replacement)
    for (let at = 0, bytes = this.#readAt(at); bytes.length > 0; at += bytes.length, bytes = this.#readAt(at)) {
      yield * piecesOf(replace === undefined ? bytes : replace(bytes))
    }
    if (replace !== undefined) yield * piecesOf(replace())
  }

  /** Makes the file another user's, who can then open it by the name that the system has for its descriptor. */
  giveTo ({ uid, gid }: { readonly uid: number, readonly gid: number }): void {
    fchownSync(this.fd, uid, gid)
  }

  #readAt (position: number): Buffer {
    const bytes = Buffer.allocUnsafe(MAX_PIECE)
    return bytes.subarray(0, readSync(this.fd, bytes, 0, bytes.length, position))
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
