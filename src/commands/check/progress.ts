import { tolerateErrors } from '../../logging/bounded-output.js'

const CLEAR = '\r\u001b[K'

/** A line on stderr that says what runs now. Does nothing unless stderr is a terminal. */
export class Progress {
  readonly #isShown = process.stderr.isTTY

  show (text: string): void {
    if (!this.#isShown) return
    tolerateErrors(process.stderr)
    process.stderr.write(`${CLEAR}${text}`)
  }

  clear (): void {
    this.show('')
  }
}
