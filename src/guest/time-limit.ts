import type { RunContext } from '../core/cancellation.js'
import type { Clock } from '../core/clock.js'
import { GRACE_PERIOD, withGrace } from '../core/grace.js'
import type { Log } from '../core/log.js'
import { isPromise, type MaybePromise } from '../core/maybe-promise.js'
import type { Execution, ExecutionResult, Sink } from '../executors/executor.js'

export type Execute = (execution: Execution, context: RunContext) => MaybePromise<ExecutionResult>

/** A script whose time was over, with what it had written, where the executor has returned that. */
export interface TimedOut {
  readonly isTimedOut: true
  readonly result?: ExecutionResult
}

export interface TimeLimitOptions {
  readonly seconds: number
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
  /** Milliseconds that the script has to end once its time is over. Default: `GRACE_PERIOD`. */
  readonly gracePeriod?: number
}

/** The most milliseconds that a timer of Node's holds, which is 24 days. */
const LONGEST = 2 ** 31 - 1

/** Executes a script, and ends it when its time is over by the clock; one that goes on all the same is left behind. */
export function executeInTime (execute: Execute, execution: Execution, context: RunContext,
  options: TimeLimitOptions): MaybePromise<ExecutionResult | TimedOut> {
  const timeUp = new AbortController()
  // AbortSignal.any() of Node 20 may lose a signal that nothing else holds.
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
  /** Whether the script has ended, and its sinks get what it has written: that takes the time that it takes. */
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
  // It rejects if it is not needed.
  late.catch(() => {})
  try {
    return await Promise.race([ended, late])
  } finally {
    over.abort()
  }
}

/** The end of a script whose time is over; if that takes too long, without what it has written. */
async function endOf (ended: Promise<ExecutionResult | TimedOut>,
  { ending, log, gracePeriod = GRACE_PERIOD, isWriting }: Limited): Promise<ExecutionResult | TimedOut> {
  const inTime = await withGrace<ExecutionResult | TimedOut | undefined>(ended, gracePeriod, () => undefined)
  if (inTime !== undefined) return inTime
  if (isWriting()) return await ended
  log.warn(`a script goes on ${gracePeriod} ms after it has timed out: an executor must end what it started and return ` +
    'what that has written when the signal timeUp aborts')
  ending.abort(new Error('The script has timed out.'))
  return { isTimedOut: true }
}

/** Sinks that call `notice` before they are written to. */
function noticing (sinks: NonNullable<Execution['sinks']>, notice: () => void): NonNullable<Execution['sinks']> {
  const noticed = Object.entries(sinks).map(([name, sink]: [string, Sink]) => [name, {
    write (bytes: Buffer) {
      notice()
      return sink.write(bytes)
    }
  }])
  return Object.fromEntries(noticed)
}
