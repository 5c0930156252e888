import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync } from 'node:fs'
import { constants } from 'node:os'
import type { Account } from './accounts.js'
import { asUser } from './as-user.js'
import type { Execution, ExecutionResult } from './executor.js'
import { killScript, MARKER } from './kill.js'
import { OutputFile, type Replacement } from './output.js'
import { fillSinks } from './sinks.js'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  /** The whole environment, but for the marker; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  /** Marks what the program starts, so that it can be found and killed. */
  readonly marker: string
  /** Maximum bytes to return of each stream; the last ones are kept. */
  readonly maxOutput: number
  /** What the streams show in place of another text. */
  readonly replacement?: Replacement
  /** The user that the program runs as, and that owns `cwd` then. Default: the one that runs azrun. */
  readonly account?: Account
  /** Where each whole stream goes at the end. */
  readonly sinks?: Execution['sinks']
  /** Kills everything when it aborts. */
  readonly timeUp?: Execution['timeUp']
}

/** The exit code of what was killed, and of what was not started as it had no time. */
const KILLED = 128 + constants.signals.SIGKILL

/** The program has ended, and a sink failed with `cause`. */
export class SinkFailure extends Error {
  constructor (cause: unknown) {
    super('a sink failed', { cause })
  }
}

/**
 * Runs a program to its end, without stdin and in a session of its own, then kills what is left of all that it has
 * started (see `killScript`). Its streams are files, as on Azure (run-command-extension-linux): it can open /dev/stdout
 * and /dev/stderr, and a process that is not found delays nothing. Rejects if the program cannot be started, and when
 * the signal aborts, which kills everything; with a `SinkFailure` if a sink fails.
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

/** The exit code as a shell reports it: 128 plus the number of a signal that killed the process. */
async function exitCodeOf ({ file, args, cwd, env, marker, account, timeUp }: Command,
  [stdout, stderr]: [OutputFile, OutputFile], signal: AbortSignal): Promise<number> {
  const [program, ...words] = account === undefined ? [file, ...args] : asUser(account, file, args)
  if (account !== undefined) {
    for (const each of [stdout, stderr]) each.giveTo(account)
    // From here on the user may change what is there.
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
  for (const each of ends) each.addEventListener('abort', kill, { once: true })
  try {
    const [code, killedBy] = await once(child, 'exit') as [number | null, NodeJS.Signals]
    await killScript(script, { hasExited: true })
    signal.throwIfAborted()
    return code ?? 128 + constants.signals[killedBy]
  } finally {
    for (const each of ends) each.removeEventListener('abort', kill)
  }
}
