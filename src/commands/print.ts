import { tolerateErrors } from '../logging/bounded-output.js'

/** Writes to stdout; rejects if it does not take the text. A reader that has closed its end wants no more of it. */
export async function print (text: string): Promise<void> {
  const { stdout } = process
  tolerateErrors(stdout)
  await new Promise<void>((resolve, reject) => {
    stdout.write(text, error => {
      if (!error || (error as NodeJS.ErrnoException).code === 'EPIPE') resolve()
      else reject(new Error(`the output cannot be written to stdout: ${error.message}`))
    })
  })
}

/** Says a line to the user, on stderr if that takes it. */
export function say (line: string): void {
  tolerateErrors(process.stderr)
  process.stderr.write(`azrun: ${line.replaceAll(/\s*\n\s*/g, ' ')}\n`)
}

/** Milliseconds that a process waits at its end for somebody to read what it wrote. */
const READ_PERIOD = 1000

/** Ends the process although nobody reads its stderr: what waits there would otherwise keep it alive. */
export function endUnread (): void {
  setTimeout(() => process.exit(), READ_PERIOD).unref()
}
