import { closeSync, fchownSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { lastBytes } from '../last-bytes.js'
import { MAX_PIECE, piecesOf } from '../sinks.js'
import { createReplacer, replaced, type Replacement } from './replacement.js'

/**
 * A file for a stream of a program. It has no name, and disappears once no process has it open. Its calls are
 * synchronous, because a system call on a small new file is faster than passing it to another thread.
 */
export class OutputFile {
  readonly fd: number

  /** Creates the file on the file system of `directory`, but leaves no entry there. */
  constructor (directory: string) {
    const path = join(directory, '.azrun-output')
    // Append mode, so that several writers do not overwrite each other.
    this.fd = openSync(path, 'ax+', 0o600)
    unlinkSync(path)
  }

  /** The number of written bytes. */
  get size (): number {
    return fstatSync(this.fd).size
  }

  /** The last `max` bytes as text, after the replacement. */
  readEnd (max: number, replacement?: Replacement): string {
    if (replacement === undefined) return lastBytes(this.#readLast(max), max)
    const [text, by] = [Buffer.byteLength(replacement.text), Buffer.byteLength(replacement.by)]
    // Enough for `max` bytes even if all of them are replaced, and if the first text begins before them.
    const last = this.#readLast(Math.ceil(max * Math.max(1, text / by)) + text)
    return lastBytes(replaced(last, replacement), max)
  }

  /** The whole output in pieces, after the replacement. */
  * pieces (replacement?: Replacement): Generator<Buffer> {
    const replace = replacement === undefined ? undefined : createReplacer(replacement)
    for (let at = 0, bytes = this.#readAt(at); bytes.length > 0; at += bytes.length, bytes = this.#readAt(at)) {
      yield * piecesOf(replace === undefined ? bytes : replace(bytes))
    }
    if (replace !== undefined) yield * piecesOf(replace())
  }

  /** Makes another user the owner, who can then open the file by the path of its descriptor. */
  giveTo ({ uid, gid }: { readonly uid: number, readonly gid: number }): void {
    fchownSync(this.fd, uid, gid)
  }

  #readAt (position: number): Buffer {
    const bytes = Buffer.allocUnsafe(MAX_PIECE)
    return bytes.subarray(0, readSync(this.fd, bytes, 0, bytes.length, position))
  }

  /** The last `max` bytes and one more if there is one, so that `lastBytes` sees that the text is cut. */
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
