import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { UsageError } from '../../core/usage-error.js'
import type { CommandEnd } from '../../rules/index.js'
import { systemClock } from '../../time/clock.js'
import { codeOf, whyNotStarted, type Child } from '../run-child.js'
import type { Signals } from '../signals.js'

/** The most characters of output to keep: the last ones. */
const MAX_OUTPUT = 1_000_000

/** Milliseconds that a command has to end after a signal, and processes outside its group to close its output. */
const GRACE = 2000

/** What may end a command early. */
export interface Limits {
  readonly timeoutMs: number
  /** Signals to pass to the command. */
  readonly signals: Signals
}

/**
 * Runs a command without stdin, in its own process group. Kills the group when the command ends, or after `timeoutMs`
 * milliseconds. Rejects with a `UsageError` if the command cannot be started.
 */
export async function runCaptured (child: Child, { timeoutMs, signals }: Limits): Promise<CommandEnd> {
  const { process: running, output } = await started(child)
  const ended = new AbortController()
  const killAfter = async (ms: number) => {
    await systemClock.sleep(ms, ended.signal)
    killGroup(running.pid!, 'SIGKILL')
  }
  let isStopped = false
  killAfter(timeoutMs).then(() => { isStopped = true }, () => {})
  signals.passTo({
    hasOwnGroup: true,
    kill (signal) {
      killGroup(running.pid!, signal)
      killAfter(GRACE).catch(() => {})
    }
  })
  const closed = new Promise<void>(resolve => { running.once('close', () => resolve()) })
  const [code, signal] = await once(running, 'exit') as [number | null, NodeJS.Signals]
  ended.abort()
  killGroup(running.pid!, 'SIGKILL')
  await Promise.race([closed, systemClock.sleep(GRACE)])
  return isStopped
    ? { stoppedAfterMs: timeoutMs, output: output() }
    : { exitCode: code ?? codeOf(signal), output: output() }
}

async function started ({ command, args, env }: Child) {
  let text = ''
  try {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        // Not after each chunk, since it copies what it keeps.
        if (text.length > 2 * MAX_OUTPUT) text = text.slice(-MAX_OUTPUT)
      })
    }
    await once(child, 'spawn')
    return { process: child, output: () => text.slice(-MAX_OUTPUT) }
  } catch (error) {
    throw new UsageError(whyNotStarted(command, error as NodeJS.ErrnoException).line)
  }
}

/** Signals a process group. Does not reach processes that have left it. */
function killGroup (pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // The group is gone, or belongs to another user.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code!)) throw error
  }
}
