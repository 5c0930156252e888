import { tolerateErrors } from '../logging/bounded-output.js'

/** Writes to stdout, and rejects if that fails. A closed pipe is no failure: its reader wants no more. */
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

/** Writes a line for the user to stderr. Ignores the errors of stderr. */
export function say (line: string): void {
  tolerateErrors(process.stderr)
  process.stderr.write(`azrun: ${line.replaceAll(/\s*\n\s*/g, ' ')}\n`)
}

/** Milliseconds that the process waits at its end for its output to be read. */
const READ_PERIOD = 1000

/** Ends the process even if nobody reads its stderr: the unread output would keep it alive. */
export function endUnread (): void {
  setTimeout(() => process.exit(), READ_PERIOD).unref()
}
