import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync } from 'node:fs'
import { constants } from 'node:os'
import type { Execution, ExecutionResult } from '../executor.js'
import { fillSinks } from '../sinks.js'
import type { Account } from './accounts.js'
import { asUser } from './as-user.js'
import { killScript, MARKER } from './kill.js'
import { OutputFile } from './output.js'
import type { Replacement } from './replacement.js'

/** A program to run. */
export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  /** The whole environment except for the marker. Nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  /** Marks all processes of the program, so that they can be found and killed. */
  readonly marker: string
  /** The most bytes to return of each stream, from its end. */
  readonly maxOutput: number
  /** Replaces a text in the streams. */
  readonly replacement?: Replacement
  /** The user that runs the program and will own `cwd`. Default: the user that runs azrun. */
  readonly account?: Account
  /** Receive the whole streams at the end. */
  readonly sinks?: Execution['sinks']
  /** Aborts at the timeout, which kills everything. */
  readonly timeUp?: Execution['timeUp']
}

/** The exit code of a program that was killed, or not even started because it had no time. */
const KILLED = 128 + constants.signals.SIGKILL

/** A sink failed with `cause` after the program ended. */
export class SinkFailure extends Error {
  constructor (cause: unknown) {
    super('a sink failed', { cause })
  }
}

/**
 * Runs a program to its end, without stdin and in its own session, then kills everything else that it started (see
 * `killScript`). Its streams are files, as on Azure (run-command-extension-linux). So it can open /dev/stdout and
 * /dev/stderr, and a process that escapes delays nothing. Rejects if the program cannot be started, with a
 * `SinkFailure` if a sink fails, and when the signal aborts, which kills everything.
 */
export async function runProcess (command: Command, signal: AbortSignal): Promise<ExecutionResult> {
  const { cwd, maxOutput, replacement, sinks, timeUp } = command
  signal.throwIfAborted()
  const stdout = new OutputFile(cwd)
  try {
    const stderr = new OutputFile(cwd)
    try {
      const exitCode = timeUp?.aborted ? KILLED : await exitCodeOf(command, [stdout, stderr], signal)
      const [out, err] = [stdout, stderr].map(file => file.readEnd(maxOutput, replacement)) as [string, string]
      if (sinks !== undefined) {
        const streams = { stdout: stdout.pieces(replacement), stderr: stderr.pieces(replacement) }
        await fillSinks(sinks, streams, signal).catch(cause => { throw new SinkFailure(cause) })
      }
      return { exitCode, stdout: out, stderr: err, stdoutBytes: stdout.size, stderrBytes: stderr.size }
    } finally {
      stderr.close()
    }
  } finally {
    stdout.close()
  }
}

/** The exit code as a shell reports it: after a signal, 128 plus its number. */
async function exitCodeOf ({ file, args, cwd, env, marker, account, timeUp }: Command,
  [stdout, stderr]: [OutputFile, OutputFile], signal: AbortSignal): Promise<number> {
  const [program, ...words] = account === undefined ? [file, ...args] : asUser(account, file, args)
  if (account !== undefined) {
    for (const stream of [stdout, stderr]) stream.giveTo(account)
    // From here on the user may change files there.
    chownSync(cwd, account.uid, account.gid)
  }
  const startedAt = performance.now()
  const child = spawn(program!, words, {
    cwd, env: { ...env, [MARKER]: marker }, stdio: ['ignore', stdout.fd, stderr.fd], detached: true
  })
  const { pid } = child
  if (pid === undefined) {
    const [error] = await once(child, 'error')
    throw error
  }
  const script = { pid, marker, startedAt, account }
  const kill = () => killScript(script, { hasExited: false })
  const ends = timeUp === undefined ? [signal] : [signal, timeUp]
  for (const cause of ends) cause.addEventListener('abort', kill, { once: true })
  try {
    const [code, killedBy] = await once(child, 'exit') as [number | null, NodeJS.Signals]
    await killScript(script, { hasExited: true })
    signal.throwIfAborted()
    return code ?? 128 + constants.signals[killedBy]
  } finally {
    for (const cause of ends) cause.removeEventListener('abort', kill)
  }
}
