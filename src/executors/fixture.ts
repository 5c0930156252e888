import type { Clock } from '../core/clock.js'
import { ExecutionError, type ExecutionResult, type Executor, type RequestedScript } from './executor.js'

/** What an execution must look like for a fixture to answer it; strings match whole, with `*` for any text. */
export interface FixtureMatch {
  readonly commandId?: string
  /** Compared without case. */
  readonly vmName?: string
  /** Compared with the script's lines joined with `\n`. */
  readonly script?: string
  /** Each of these must have been sent; others may have been. */
  readonly parameters?: Readonly<Record<string, string>>
}

export type FixtureAnswer =
  | { readonly result: Partial<ExecutionResult> & { readonly durationMs?: number } }
  | { readonly error: { readonly code: string, readonly message: string } }

export type Fixture = { readonly name: string, readonly match?: FixtureMatch } & FixtureAnswer

export interface FixtureOptions {
  /** In the order in which they are tried; the first match answers. */
  readonly fixtures: readonly Fixture[]
  readonly clock: Clock
}

type Matcher = (requested: RequestedScript) => boolean

/** A fixture made ready. */
interface Candidate {
  readonly matches: Matcher
  /** Milliseconds that it takes. */
  readonly duration: number
  /** Throws where the fixture is an error. */
  result (): ExecutionResult
}

/** Answers from canned results; nothing is run. */
export function createFixtureExecutor ({ fixtures, clock }: FixtureOptions): Executor {
  const candidates = fixtures.map(prepare)
  const find = (requested: RequestedScript) => candidates.find(({ matches }) => matches(requested))
  return {
    answer (requested) {
      const found = find(requested)
      if (found === undefined) return unmatched(requested)
      return found.duration > 0 ? undefined : found.result()
    },
    async execute (execution, signal) {
      signal.throwIfAborted()
      const found = find(execution)
      if (found === undefined) return unmatched(execution)
      if (found.duration > 0) await clock.sleep(found.duration, signal)
      return found.result()
    }
  }
}

function prepare (fixture: Fixture): Candidate {
  const matches = compile(fixture.match ?? {})
  if ('error' in fixture) {
    const { code, message } = fixture.error
    return { matches, duration: 0, result: () => { throw new ExecutionError(code, message) } }
  }
  const { exitCode = 0, stdout = '', stderr = '', durationMs = 0 } = fixture.result
  const result = Object.freeze({ exitCode, stdout, stderr })
  return { matches, duration: durationMs, result: () => result }
}

function compile (match: FixtureMatch): Matcher {
  const conditions: Matcher[] = []
  if (match.commandId !== undefined) {
    const matches = pattern(match.commandId)
    conditions.push(({ commandId }) => matches(commandId))
  }
  if (match.vmName !== undefined) {
    const matches = pattern(match.vmName.toLowerCase())
    conditions.push(({ vm }) => matches(vm.name.toLowerCase()))
  }
  if (match.script !== undefined) {
    const matches = pattern(match.script)
    conditions.push(({ script }) => matches(script))
  }
  for (const [name, value] of Object.entries(match.parameters ?? {})) {
    const matches = pattern(value)
    conditions.push(({ parameters }) => parameters.some(each => each.name === name && matches(each.value)))
  }
  return requested => conditions.every(condition => condition(requested))
}

/** A pattern's literal parts are looked for one after the other: no expression that a long script could stall. */
function pattern (text: string): (value: string) => boolean {
  if (!text.includes('*')) return value => value === text
  const [head, ...rest] = text.split('*') as [string, ...string[]]
  const tail = rest.pop()!
  return value => {
    if (value === text) return true
    if (value.length < head.length + tail.length || !value.startsWith(head) || !value.endsWith(tail)) return false
    let from = head.length
    for (const part of rest) {
      const found = value.indexOf(part, from)
      if (found < 0) return false
      from = found + part.length
    }
    return from <= value.length - tail.length
  }
}

function unmatched ({ commandId, vm }: RequestedScript): ExecutionResult {
  const example = '{"fixtures":[{"name":"mine","match":{"script":"*"},"result":{"stdout":"hello"}}]}'
  return {
    exitCode: 0,
    stdout: `azrun: no fixture matches this ${commandId} on '${vm.name}', so nothing was run. Put a file such as ` +
      `${example} into a folder and name the folder with --fixtures, or run scripts for real with --executor shell.\n`,
    stderr: ''
  }
}
