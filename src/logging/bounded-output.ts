import type { Writable } from 'node:stream'

/** The most characters that wait for a stalled stream. Lines beyond that are dropped. */
const MAX_WAITING = 1024 * 1024

/**
 * Writes lines to a stream that may stall, be full or be closed, such as stderr. It never throws, never waits and
 * buffers a bounded number of characters. It drops and counts lines that the stream does not take. Once the stream
 * takes lines again, it writes the line that `notice` returns for the count.
 */
export class BoundedOutput {
  readonly #stream: Writable
  readonly #notice: (dropped: number) => string
  #dropped = 0

  constructor (stream: Writable, notice: (dropped: number) => string) {
    this.#stream = stream
    this.#notice = notice
    tolerateErrors(stream)
    stopBlocking(stream)
  }

  write (line: string): void {
    this.#tell()
    if (this.#dropped > 0 || this.#stream.writableLength + line.length > MAX_WAITING) this.#dropped++
    else this.#send(line, 1)
  }

  /** Writes the notice, but only when nothing waits: else a slow reader would get one with every other line. */
  #tell (): void {
    if (this.#dropped === 0 || this.#stream.writableLength > 0) return
    const dropped = this.#dropped
    this.#dropped = 0
    this.#send(this.#notice(dropped), dropped)
  }

  #send (line: string, lines: number): void {
    this.#stream.write(line, error => {
      if (error) this.#dropped += lines
      else this.#tell()
    })
  }
}

/** Without a listener an error of stdout or stderr, such as a full disk or a closed pipe, would end the process. */
export function tolerateErrors (stream: Writable): void {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
}

/**
 * Makes writes to a terminal asynchronous. Node's are synchronous, so a terminal that its user has stopped (Ctrl-S)
 * would stop the process. Only an internal method can change that; without it, the stream stays as it is.
 */
function stopBlocking (stream: Writable): void {
  const { isTTY, _handle: handle } = stream as Writable & {
    readonly isTTY?: boolean
    readonly _handle?: { setBlocking? (blocking: boolean): void }
  }
  if (isTTY) handle?.setBlocking?.(false)
}

function ignore (): void {}
