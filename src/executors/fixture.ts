import type { Clock } from '../core/clock.js'
import { ExecutionError, type Execution, type ExecutionResult, type Executor } from './executor.js'

/** Conditions on an execution, all of which must hold. Strings match as a whole, with `*` for any text. */
export interface FixtureMatch {
  readonly commandId?: string
  /** Case-insensitive. */
  readonly vmName?: string
  /** Compared with the script's lines joined with `\n`. */
  readonly script?: string
  /** Parameters that must be present; others are ignored. */
  readonly parameters?: Readonly<Record<string, string>>
}

export type FixtureAnswer =
  | { readonly result: Partial<ExecutionResult> & { readonly durationMs?: number } }
  | { readonly error: { readonly code: string, readonly message: string } }

export type Fixture = { readonly name: string, readonly match?: FixtureMatch } & FixtureAnswer

export interface FixtureOptions {
  /** Tried in this order; the first match answers. */
  readonly fixtures: readonly Fixture[]
  readonly clock: Clock
}

type Matcher = (execution: Execution) => boolean

/** A fixture, prepared for matching. */
interface Candidate {
  readonly matches: Matcher
  /** Milliseconds until the result. */
  readonly duration: number
  /** Throws an `ExecutionError` if the fixture is an error. */
  result (): ExecutionResult
}

/** Returns canned results and runs nothing. */
export function createFixtureExecutor ({ fixtures, clock }: FixtureOptions): Executor {
  const candidates = fixtures.map(prepare)
  return {
    execute (execution, context) {
      const found = candidates.find(({ matches }) => matches(execution))
      if (found === undefined) return unmatched(execution)
      if (found.duration <= 0) return found.result()
      return clock.sleep(found.duration, context.signal).then(found.result)
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
    conditions.push(({ vm }) => matches(vm.id.name.toLowerCase()))
  }
  if (match.script !== undefined) {
    const matches = pattern(match.script)
    conditions.push(({ script }) => matches(script))
  }
  for (const [name, value] of Object.entries(match.parameters ?? {})) {
    const matches = pattern(value)
    conditions.push(({ parameters }) => parameters.some(sent => sent.name === name && matches(sent.value)))
  }
  return execution => conditions.every(condition => condition(execution))
}

/** Searches for the literal parts in turn: unlike a regular expression, this cannot stall on a long script. */
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

function unmatched ({ commandId, vm }: Execution): ExecutionResult {
  const example = '{"fixtures":[{"name":"mine","match":{"script":"*"},"result":{"stdout":"hello"}}]}'
  return {
    exitCode: 0,
    stdout: `azrun: no fixture matches this ${commandId} on '${vm.id.name}', so nothing was run. Put a file ` +
      `such as ${example} into a directory and pass the directory with --fixtures, ` +
      'or run scripts for real with --executor shell.\n',
    stderr: ''
  }
}
