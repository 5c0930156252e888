import { tolerateErrors } from '../../logging/bounded-output.js'

const CLEAR = '\r\u001b[K'

/** The line on a terminal's stderr that says what runs now; nothing elsewhere. */
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
