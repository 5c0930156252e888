import { spawn, type ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import type { ExecutionResult } from './executor.js'
import { OutputTail } from './output.js'

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  /** Bytes kept of each stream: its last ones. */
  readonly maxOutput: number
}

/** How long the pipes may stay silent after the process has ended, in milliseconds of real time. */
const SILENCE = 50
/** How long a process that left the group may keep writing after that. */
const PATIENCE = 1_000

/**
 * Runs a program in a process group of its own, without stdin, to its end; then ends what it left in the group.
 * Rejects where it cannot be started, and when the signal aborts (everything is killed).
 */
export function runProcess (command: Command, signal: AbortSignal): Promise<ExecutionResult> {
  signal.throwIfAborted()
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    // Not started: the error follows, and for want of file descriptors there may be no pipes.
    if (child.pid === undefined) return
    const stdout = collect(child.stdout, command.maxOutput)
    const stderr = collect(child.stderr, command.maxOutput)
    const abort = () => killGroup(child)
    signal.addEventListener('abort', abort, { once: true })
    child.once('exit', () => {
      killGroup(child)
      letGo(child)
    })
    child.once('close', (code, killedBy) => {
      signal.removeEventListener('abort', abort)
      if (signal.aborted) reject(signal.reason)
      else resolve({ exitCode: code ?? exitCodeOf(killedBy), stdout: `${stdout}`, stderr: `${stderr}` })
    })
  })
}

function collect (stream: Readable, max: number): OutputTail {
  const tail = new OutputTail(max)
  stream.on('data', (chunk: Buffer) => tail.write(chunk))
  return tail
}

/** The group, not the process: a signal to the shell alone would leave its children running. */
function killGroup ({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // Gone, or what is left of it is another user's (sudo).
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)) throw error
  }
}

/** A process that made a session of its own may hold the pipes for ever: read what still comes, then close them. */
function letGo (child: ChildProcess): void {
  const streams = [child.stdout!, child.stderr!]
  const close = () => streams.forEach(stream => stream.destroy())
  // A turn of the event loop later: if it was busy, what was written long ago is yet to be read.
  let closing: NodeJS.Immediate | undefined
  const silence = setTimeout(() => { closing = setImmediate(close) }, SILENCE)
  const patience = setTimeout(() => setImmediate(close), PATIENCE)
  const rearm = () => {
    clearImmediate(closing)
    silence.refresh()
  }
  for (const stream of streams) stream.on('data', rearm)
  child.once('close', () => {
    clearTimeout(silence)
    clearTimeout(patience)
  })
}

/** As a shell reports it: 128 and the signal's number. */
function exitCodeOf (signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal])
}
