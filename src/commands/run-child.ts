import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { say } from './print.js'
import type { Signals } from './signals.js'

/** The exit codes of a shell for a command that it cannot run. */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126

/** A command to run, with its arguments and its whole environment. */
export interface Child {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** Runs a command with azrun's own stdin, stdout and stderr. Resolves to its exit code as a shell reports it. */
export async function runChild ({ command, args, env }: Child, signals: Signals): Promise<number> {
  if (signals.received !== undefined) return codeOf(signals.received)
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(command, args, { env, stdio: 'inherit' })
      signals.passTo(child)
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? codeOf(signal!)))
    })
  } catch (error) {
    const { line, code } = whyNotStarted(command, error as NodeJS.ErrnoException)
    say(line)
    return code
  }
}

/** Why a command could not be started, for the user, and the exit code of a shell for that. */
export function whyNotStarted (command: string,
  { code, message }: NodeJS.ErrnoException): { readonly line: string, readonly code: number } {
  const isMissing = command === '' || (code === 'ENOENT' && !existsSync(command))
  return isMissing
    ? { line: whyMissing(command), code: NOT_FOUND }
    : { line: whyNotRun(command, code, message), code: NOT_EXECUTABLE }
}

/** The exit code of a shell for a command that a signal has ended. */
export function codeOf (signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

function whyMissing (command: string): string {
  const quoting = 'if it has arguments, remove the quotes around them, or use sh -c'
  const hasSpace = command.includes(' ')
  if (command.includes('/')) {
    const line = `file ${quoted(command)} does not exist: check the path; the current directory is ${quoted(process.cwd())}`
    return hasSpace ? `${line}; ${quoting}` : line
  }
  return `command ${quoted(command)} is not on PATH: ${hasSpace ? quoting : 'install it, or give its path'}`
}

function whyNotRun (command: string, code: string | undefined, message: string): string {
  if (code === 'ENOENT') return `${quoted(command)} cannot be run: the interpreter in its first line does not exist`
  if (code === 'EACCES') {
    return `${quoted(command)} cannot be run: it is not an executable file; try chmod +x, or run it with its interpreter`
  }
  return `${quoted(command)} cannot be run: ${message}`
}

/** In quotes and in one line. */
function quoted (text: string): string {
  return `'${text.replaceAll(/\s+/g, ' ')}'`
}
