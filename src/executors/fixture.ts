import { silentLog, type Log } from '../core/log.js'
import type { MaybePromise } from '../core/maybe-promise.js'
import { wildcard } from '../core/wildcard.js'
import type { RunContext } from '../operations/cancellation.js'
import { machineName } from '../resources/virtual-machines.js'
import type { Clock } from '../time/clock.js'
import { OVER } from '../time/grace.js'
import { ExecutionError, type Execution, type ExecutionResult, type Executor, type ScriptParameter } from './executor.js'
import { fillSinks, piecesOf } from './sinks.js'
import { Unmatched, type UnmatchedPolicy } from './unmatched.js'

/** Conditions on an execution. All must be true. Texts match as a whole; `*` matches any text. */
export interface FixtureMatch {
  readonly commandId?: string
  /** Case-insensitive. */
  readonly vmName?: string
  /** Compared with the script's lines joined with `\n`. */
  readonly script?: string
  /** Parameters that must be present; others are ignored. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** What a fixture returns: a result, or the error of a script that could not be run. */
export type FixtureAnswer =
  | { readonly result: FixtureResult }
  | { readonly error: { readonly code: string, readonly message: string } }

/** A canned result. Default: exit code 0 without output. */
export interface FixtureResult extends Partial<Omit<ExecutionResult, 'stdoutBytes' | 'stderrBytes'>> {
  /** Milliseconds. Default: 0. */
  readonly durationMs?: number
  /** Whether each `${NAME}` in stdout and stderr stands for that parameter's value. Default: false. */
  readonly template?: boolean
}

/** A canned answer to the executions that it matches; without a match, to all. */
export type Fixture = { readonly name: string, readonly match?: FixtureMatch } & FixtureAnswer

export interface FixtureOptions {
  /** Tried in this order. The first match counts. */
  readonly fixtures: readonly Fixture[]
  readonly clock: Clock
  /** Default: `succeed`. */
  readonly unmatched?: UnmatchedPolicy
  /** Default: no warnings. */
  readonly log?: Pick<Log, 'warn'>
}

type Matcher = (execution: Execution) => boolean

/** A fixture compiled for matching. */
interface Candidate {
  readonly matches: Matcher
  /** The milliseconds until the result. */
  readonly duration: number
  /** Throws an `ExecutionError` if the fixture is an error. */
  result (execution: Execution): ExecutionResult
}

/** Returns canned results and runs nothing. */
export function createFixtureExecutor (options: FixtureOptions): Executor {
  const { fixtures, clock, unmatched: policy = 'succeed', log = silentLog } = options
  const unmatched = new Unmatched(policy, log)
  const candidates = fixtures.map(prepare)
  return {
    // Does not read `signal`, which the context creates on the first read: most runs need none.
    execute (execution, context) {
      const found = candidates.find(({ matches }) => matches(execution))
      if (found === undefined) return withSinks(unmatched.handle(execution), execution, context)
      if (found.duration <= 0) return withSinks(found.result(execution), execution, context)
      return sleepUntilTimeUp(clock, found.duration, execution, context.signal)
        .then(isTimeUp => isTimeUp ? CUT : withSinks(found.result(execution), execution, context))
    }
  }
}

/** The result at a timeout. A fixture's output would have come only at its end. */
const CUT: ExecutionResult = Object.freeze({ exitCode: 137, stdout: '', stderr: '' })

/** Sleeps for `ms` milliseconds, at most until the script's timeout. Resolves to whether it timed out. */
async function sleepUntilTimeUp (clock: Clock, ms: number, { timeUp }: Execution,
  signal: AbortSignal): Promise<boolean> {
  if (timeUp === undefined) return await clock.sleep(ms, signal).then(() => false)
  // Node 20's AbortSignal.any() may lose a signal that nothing else references.
  const ending = new AbortController()
  const end = () => ending.abort(OVER)
  const ends = [signal, timeUp]
  for (const cause of ends) cause.addEventListener('abort', end, { once: true })
  if (ends.some(({ aborted }) => aborted)) end()
  try {
    return await clock.sleep(ms, ending.signal).then(() => false, () => true)
  } finally {
    for (const cause of ends) cause.removeEventListener('abort', end)
    signal.throwIfAborted()
  }
}

/** Writes the output to the sinks, then returns the result. */
function withSinks (result: ExecutionResult, { sinks }: Execution, context: RunContext): MaybePromise<ExecutionResult> {
  if (sinks === undefined) return result
  const [stdout, stderr] = [piecesOf(Buffer.from(result.stdout)), piecesOf(Buffer.from(result.stderr))]
  return fillSinks(sinks, { stdout, stderr }, context.signal).then(() => result)
}

function prepare (fixture: Fixture): Candidate {
  const matches = compile(fixture.match ?? {})
  if ('error' in fixture) {
    const { code, message } = fixture.error
    return { matches, duration: 0, result: () => { throw new ExecutionError(code, message) } }
  }
  const { exitCode = 0, stdout = '', stderr = '', statuses, template = false, durationMs = 0 } = fixture.result
  const result = Object.freeze({ exitCode, stdout, stderr, ...statuses !== undefined && { statuses } })
  return {
    matches,
    duration: durationMs,
    result: template
      ? ({ parameters }) => ({ ...result, stdout: filled(stdout, parameters), stderr: filled(stderr, parameters) })
      : () => result
  }
}

/** Replaces the names of parameters by their values. A missing parameter is empty, as in a shell. */
function filled (text: string, parameters: readonly ScriptParameter[]): string {
  return text.replaceAll(/\$\{([^}]*)\}/g, (_, name: string) => parameters.findLast(sent => sent.name === name)?.value ?? '')
}

function compile (match: FixtureMatch): Matcher {
  const conditions: Matcher[] = []
  if (match.commandId !== undefined) {
    const matches = wildcard(match.commandId)
    conditions.push(({ commandId }) => matches(commandId))
  }
  if (match.vmName !== undefined) {
    const matches = wildcard(match.vmName.toLowerCase())
    conditions.push(({ vm }) => matches(machineName(vm).toLowerCase()))
  }
  if (match.script !== undefined) {
    const matches = wildcard(match.script)
    conditions.push(({ script }) => matches(script))
  }
  for (const [name, value] of Object.entries(match.parameters ?? {})) {
    const matches = wildcard(value)
    conditions.push(({ parameters }) => parameters.some(sent => sent.name === name && matches(sent.value)))
  }
  return execution => conditions.every(condition => condition(execution))
}
