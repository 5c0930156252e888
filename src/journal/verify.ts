import { UsageError } from '../core/usage-error.js'
import { compileMatch, withCommandOperations, type Match } from '../matching/match.js'
import { describe } from './filter-members.js'
import type { JournalCall } from './journal-call.js'
import type { NearMiss } from './near-misses.js'
import { Order, type Times } from './order.js'

/** A request that clients must have sent. */
export interface Expectation {
  readonly match: Match
  /** The number of requests that must match: `1`, `1-`, `0` or `2-3`. Default: `1-`. */
  readonly times?: string
}

/** An expectation that is not met. */
export interface Failure {
  readonly expectation: Expectation
  /** The number of matching requests. */
  readonly found: number
  /** What is wrong, in a sentence. */
  readonly text: string
  /** The nearest misses, if too few requests match. Only the first 20 such failures have them. */
  readonly nearest: readonly NearMiss[]
}

/** The failures whose nearest misses are sought, which takes a while for each. */
const MOST_COMPARED = 20

/** Counts the requests that match expectations. */
export class Verification {
  readonly #expected: readonly Expected[]
  /** Undefined if the order does not matter. */
  readonly #order: Order | undefined

  /** Throws a `UsageError` without expectations, for one without `match`, and for invalid `times`. */
  constructor (expectations: readonly Expectation[], { inOrder = false }: { readonly inOrder?: boolean } = {}) {
    if (expectations.length === 0) throw new UsageError("'expectations' must not be empty: to expect no request, use { match: {}, times: '0' }")
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

  /** The expectations whose nearest misses tell what is wrong. */
  get lacking (): readonly Expectation[] {
    return this.#lacking.map(({ expectation }) => expectation)
  }

  /**
   * What is wrong. `nearest` has the nearest misses of each `lacking` expectation, and `evicted` is the number of
   * entries that the journal had dropped before.
   */
  failures (nearest: readonly (readonly NearMiss[])[], evicted: number): Failure[] {
    const lacking = this.#lacking
    // In order, several equal expectations can each count the same requests: more than the maximum is no failure.
    const failed = this.#expected.filter(({ isMet, isTooFew }) => this.#order === undefined ? !isMet : isTooFew)
    const failures = failed.map(expected => expected.failure(nearest[lacking.indexOf(expected)] ?? [], evicted))
    if (failures.length > 0 || this.#order === undefined || this.#order.isMet) return failures
    const { index, text, isTooFew } = this.#order.problem
    const { expectation, found } = this.#expected[index]!
    return [{ expectation, found: found.length, text: isTooFew ? `${text} It matches ${numbered(found)}.` : text, nearest: [] }]
  }

  get #lacking (): readonly Expected[] {
    return this.#expected.filter(({ isTooFew }) => isTooFew).slice(0, MOST_COMPARED)
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
    if (expectation?.match === undefined) throw new UsageError(`expectation ${index + 1} must have 'match'`)
    this.times = timesOf(expectation, index)
    this.#matches = compileMatch(withCommandOperations(expectation.match))
  }

  get isTooFew (): boolean {
    return this.found.length < this.times.min
  }

  get isMet (): boolean {
    return !this.isTooFew && this.found.length <= this.times.max
  }

  /** Counts the call if it matches, and returns whether it does. */
  add (call: JournalCall): boolean {
    const isMatch = this.#matches(call)
    if (isMatch) this.found.push(call.entry.sequence)
    return isMatch
  }

  failure (nearest: readonly NearMiss[], evicted: number): Failure {
    const { expectation, found, isTooFew } = this
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

/** A sentence about the nearest request, with a leading space; empty if there is none. */
export function nearestText ([nearest]: readonly NearMiss[]): string {
  return nearest === undefined ? '' : ` The nearest is #${nearest.sequence}: ${nearest.differences.join('; ')}.`
}

/** A sentence about dropped entries, with a leading space; empty if there are none. */
export function evictedText (evicted: number): string {
  return evicted === 0
    ? ''
    : ` The journal has dropped its ${evicted} oldest entries, which may have matched: keep more with --journal ENTRIES.`
}

/** Lists the first of these entries. */
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
