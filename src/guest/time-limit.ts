import type { Log } from '../core/log.js'
import { isPromise, type MaybePromise } from '../core/maybe-promise.js'
import type { Execution, ExecutionResult, Sink } from '../executors/executor.js'
import type { RunContext } from '../operations/cancellation.js'
import type { Clock } from '../time/clock.js'
import { GRACE_PERIOD, withGrace } from '../time/grace.js'

/** Executes a script, as an executor does. */
export type Execute = (execution: Execution, context: RunContext) => MaybePromise<ExecutionResult>

/** The end of a script that timed out, with its output if the executor returned that. */
export interface TimedOut {
  readonly isTimedOut: true
  readonly result?: ExecutionResult
}

export interface TimeLimitOptions {
  readonly seconds: number
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
  /** The milliseconds that a script has to end after its timeout. Default: `GRACE_PERIOD`. */
  readonly gracePeriod?: number
}

/** The longest delay of Node's timers in milliseconds, which is 24 days. */
const LONGEST = 2 ** 31 - 1

/** Executes a script and ends it at its timeout, by the clock. A script that goes on regardless is abandoned. */
export function executeInTime (execute: Execute, execution: Execution, context: RunContext,
  options: TimeLimitOptions): MaybePromise<ExecutionResult | TimedOut> {
  const timeUp = new AbortController()
  // Node 20's AbortSignal.any() may lose a signal that nothing else references.
  const ending = new AbortController()
  const abort = () => ending.abort(context.signal.reason)
  context.signal.addEventListener('abort', abort, { once: true })
  if (context.signal.aborted) abort()
  let isWriting = false
  const sinks = execution.sinks && noticing(execution.sinks, () => { isWriting = true })
  const limited = { ...execution, timeUp: timeUp.signal, ...sinks !== undefined && { sinks } }
  const running = execute(limited, { signal: ending.signal })
  if (!isPromise(running)) return running
  return limit(running, context, { timeUp, ending, isWriting: () => isWriting, ...options })
    .finally(() => context.signal.removeEventListener('abort', abort))
}

interface Limited extends TimeLimitOptions {
  readonly timeUp: AbortController
  readonly ending: AbortController
  /** Whether the script has ended and its sinks receive the output, which has no time limit. */
  isWriting (): boolean
}

async function limit (running: Promise<ExecutionResult>, { signal }: RunContext,
  limited: Limited): Promise<ExecutionResult | TimedOut> {
  const { seconds, clock, timeUp } = limited
  const over = new AbortController()
  const ended = running.then(
    result => timeUp.signal.aborted ? { isTimedOut: true, result } as const : result,
    error => {
      if (!timeUp.signal.aborted || signal.aborted) throw error
      return { isTimedOut: true } as const
    })
  const late = clock.sleep(Math.min(seconds * 1000, LONGEST), over.signal).then(async () => {
    timeUp.abort(new Error('The script has timed out.'))
    return await endOf(ended, limited)
  })
  try {
    return await Promise.race([ended, late])
  } finally {
    over.abort()
  }
}

/** Waits for the end of a script that timed out. After the grace period it returns without the output. */
async function endOf (ended: Promise<ExecutionResult | TimedOut>,
  { ending, log, gracePeriod = GRACE_PERIOD, isWriting }: Limited): Promise<ExecutionResult | TimedOut> {
  const inTime = await withGrace<ExecutionResult | TimedOut | undefined>(ended, gracePeriod, () => undefined)
  if (inTime !== undefined) return inTime
  if (isWriting()) return await ended
  log.warn(`a script is still running ${gracePeriod} ms after it timed out: when the signal timeUp aborts, an executor must ` +
    'end what it started and return its output')
  ending.abort(new Error('The script has timed out.'))
  return { isTimedOut: true }
}

/** Wraps sinks so that they call `notice` before each write. */
function noticing (sinks: NonNullable<Execution['sinks']>, notice: () => void): NonNullable<Execution['sinks']> {
  const noticed = Object.entries(sinks).map(([name, sink]: [string, Sink]) => [name, {
    write (bytes: Buffer) {
      notice()
      return sink.write(bytes)
    }
  }])
  return Object.fromEntries(noticed)
}
