import { hasExited, isViolated, type Verdict } from '../../rules/index.js'
import type { CheckedRun } from './checked-run.js'

/** Formats a line for each run, and one more for each further rule that it violates. */
export class Table {
  readonly #width: number
  /** The rules that the plain run has a warning for. */
  #known: readonly string[] = []

  constructor (names: readonly string[]) {
    this.#width = Math.max(...['scenario', 'plain', ...names].map(({ length }) => length))
  }

  get head (): string {
    return this.#line('scenario', 'exit', 'calls', 'verdict')
  }

  row (run: CheckedRun): string {
    const { name, end, entries, verdicts } = run
    const found = verdicts.filter(({ outcome }) => outcome === 'violated')
    const said = found.map(verdict => sentenceOf(verdict, this.#known))
    if (name === 'plain') this.#known = found.filter(verdict => !isViolated(verdict)).map(({ rule }) => rule.id)
    const [first = remark(run), ...others] = said
    const exit = hasExited(end) ? `${end.exitCode}` : '-'
    return this.#line(name, exit, `${entries.length}`, first) + others.map(finding => this.#line('', '', '', finding)).join('')
  }

  #line (name: string, exit: string, calls: string, verdict: string): string {
    return `${name.padEnd(this.#width)}  ${exit.padStart(4)}  ${calls.padStart(5)}  ${verdict}\n`
  }
}

/** The most severe evidence. A warning that the plain run has too is not repeated. */
function sentenceOf (verdict: Verdict, known: readonly string[]): string {
  const { rule: { id }, evidence } = verdict
  const worst = evidence.find(({ severity }) => severity === 'error') ?? evidence[0]!
  const more = evidence.length === 1 ? '' : ` (and ${evidence.length - 1} more)`
  if (isViolated(verdict)) return `${id} violated: ${worst.sentence}${more}`
  return `${id} warning: ${known.includes(id) ? 'as in the plain run' : `${worst.sentence}${more}`}`
}

function remark ({ name, end, isAffected }: CheckedRun): string {
  if (!hasExited(end)) return `no rule violated, stopped after ${end.stoppedAfterMs / 1000} s`
  return isAffected || name === 'plain' ? 'ok' : 'ok, but the scenario applied to no call'
}
