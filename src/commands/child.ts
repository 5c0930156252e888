import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import type { Signals } from './signals.js'

/** As a shell has it: what a command that could not be run ends with. */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126

export interface Child {
  readonly command: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
}

/** Runs a command on azrun's own stdin, stdout and stderr; resolves to its exit code as a shell gives it. */
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
    const { code, message } = error as NodeJS.ErrnoException
    const isMissing = command === '' || (code === 'ENOENT' && !existsSync(command))
    process.stderr.write(`azrun: ${isMissing ? whyMissing(command) : whyNotRun(command, code, message)}\n`)
    return isMissing ? NOT_FOUND : NOT_EXECUTABLE
  }
}

function codeOf (signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}

function whyMissing (command: string): string {
  return command.includes('/')
    ? `there is no file ${shown(command)} to run: check the path, which is taken from ${shown(process.cwd())}`
    : `no command ${shown(command)} is found on PATH: install it, or give its path`
}

function whyNotRun (command: string, code: string | undefined, message: string): string {
  if (code === 'ENOENT') return `${shown(command)} cannot be run: the interpreter in its first line is not there`
  if (code === 'EACCES') return `${shown(command)} cannot be run: it is no program or lacks permission; try chmod +x, or name what runs it`
  return `${shown(command)} cannot be run: ${message}`
}

function shown (text: string): string {
  return `'${text.replaceAll(/\s+/g, ' ')}'`
}
