import { UsageError } from '../core/usage-error.js'
import { compileMatch, meant } from '../scenarios/match.js'
import type { Match } from '../scenarios/scenario.js'
import type { JournalCall } from './journal-call.js'
import { describe, nearMisses, type NearMiss } from './near-misses.js'
import { Order, type Times } from './order.js'

/** What clients must have sent. */
export interface Expectation {
  readonly match: Match
  /** How many requests must match: `1`, `1-`, `0` or `2-3`. Default: `1-`. */
  readonly times?: string
}

/** An expectation that is not met. */
export interface Failure {
  readonly expectation: Expectation
  /** How many requests match. */
  readonly found: number
  /** What is wrong, in a sentence. */
  readonly text: string
  /** Where too few match: those that match nearly. */
  readonly nearest: readonly NearMiss[]
}

/** Counts what meets expectations, one request after the other. */
export class Verification {
  readonly #expected: readonly Expected[]
  /** Undefined where any order will do. */
  readonly #order: Order | undefined

  /** Throws a `UsageError` for times that no count can meet. */
  constructor (expectations: readonly Expectation[], { inOrder = false }: { readonly inOrder?: boolean } = {}) {
    this.#expected = expectations.map((expectation, index) => new Expected(expectation, index))
    if (inOrder) this.#order = new Order(this.#expected.map(({ times }) => times))
  }

  add (call: JournalCall): void {
    const matching = this.#expected.filter(expected => expected.add(call))
    if (matching.length > 0) this.#order?.add(call.entry.sequence, matching.map(({ index }) => index))
  }

  get isMet (): boolean {
    return this.#order === undefined ? this.#expected.every(({ isMet }) => isMet) : this.#order.isMet
  }

  /** `calls` are those that were added, and `evicted` is how many could not be, since the journal has dropped them. */
  failures (calls: Iterable<JournalCall>, evicted: number): Failure[] {
    const all = [...calls]
    // In an order, a request may be one of several expectations that are alike.
    const failed = this.#expected.filter(({ isMet, isTooFew }) => this.#order === undefined ? !isMet : isTooFew)
    const failures = failed.map(expected => expected.failure(all, evicted))
    if (failures.length > 0 || this.#order === undefined || this.#order.isMet) return failures
    const { index, text } = this.#order.problem
    const { expectation, found } = this.#expected[index]!
    return [{ expectation, found: found.length, text, nearest: [] }]
  }
}

class Expected {
  readonly expectation: Expectation
  readonly index: number
  readonly times: Times
  readonly found: number[] = []
  readonly #matches: (call: JournalCall) => boolean

  constructor (expectation: Expectation, index: number) {
    this.expectation = expectation
    this.index = index
    this.times = timesOf(expectation, index)
    this.#matches = compileMatch(meant(expectation.match))
  }

  get isTooFew (): boolean {
    return this.found.length < this.times.min
  }

  get isMet (): boolean {
    return !this.isTooFew && this.found.length <= this.times.max
  }

  /** Whether the call matches. */
  add (call: JournalCall): boolean {
    const isMatch = this.#matches(call)
    if (isMatch) this.found.push(call.entry.sequence)
    return isMatch
  }

  failure (calls: readonly JournalCall[], evicted: number): Failure {
    const { expectation, found, isTooFew } = this
    const nearest = isTooFew ? nearMisses(expectation.match, calls) : []
    const matching = found.length === 0 ? '' : `: ${numbered(found)}`
    const text = `expectation ${this.index + 1}: expected ${this.#expectedText()} ${describe(expectation.match)}, ` +
      `found ${found.length}${matching}.${isTooFew ? `${nearestText(nearest)}${evictedText(evicted)}` : ''}`
    return { expectation, found: found.length, text, nearest }
  }

  #expectedText (): string {
    const { min, max } = this.times
    if (min === max) return `${min === 0 ? 'no' : min} request${min === 1 ? '' : 's'}`
    return max === Infinity ? `at least ${min} request${min === 1 ? '' : 's'}` : `${min} to ${max} requests`
  }
}

/** The sentence about the nearest, with a space before it; empty if there is none. */
export function nearestText ([nearest]: readonly NearMiss[]): string {
  return nearest === undefined ? '' : ` The nearest is #${nearest.sequence}: ${nearest.differences.join('; ')}.`
}

/** The sentence about what is not known, with a space before it; empty if everything is. */
export function evictedText (evicted: number): string {
  return evicted === 0
    ? ''
    : ` The journal has dropped its ${evicted} oldest entries, which may have matched: keep more with --journal ENTRIES.`
}

/** The first of these entries. */
function numbered (sequences: readonly number[]): string {
  const shown = sequences.slice(0, 10).map(sequence => `#${sequence}`).join(', ')
  return sequences.length > 10 ? `${shown} and ${sequences.length - 10} more` : shown
}

function timesOf ({ times = '1-' }: Expectation, index: number): Times {
  const [, from, dash, to] = /^(\d{1,9})(-)?(\d{1,9})?$/.exec(times) ?? []
  const min = Number(from)
  const max = dash === undefined ? min : to === undefined ? Infinity : Number(to)
  if (from !== undefined && min <= max) return { min, max }
  throw new UsageError(`'expectations[${index}].times' must be a count such as "1", or a range such as "1-" or "2-3", ` +
    `not ${JSON.stringify(times)}`)
}
