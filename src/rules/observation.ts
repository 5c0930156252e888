/** `warning`: a published client of Azure does the same on purpose, or it did no harm. */
export type Severity = 'error' | 'warning'

interface Evidence {
  /** A sentence that refers to entries as `#3`. */
  readonly sentence: string
  /** The numbers of the entries that show it. */
  readonly sequences: readonly number[]
}

export interface Held extends Evidence {
  readonly isViolation: false
  readonly severity?: undefined
}

export interface Violation extends Evidence {
  readonly isViolation: true
  readonly severity: Severity
}

/** Evidence of a run that the client kept a rule, or that it did not. */
export type Observation = Held | Violation

/** Evidence that the rule was kept. Adds references to the entries to the sentence. */
export function held (sentence: string, ...sequences: readonly number[]): Observation {
  return { isViolation: false, sentence: `${sentence} (${references(sequences)})`, sequences }
}

/** Evidence that the rule was not kept. The sentence has its own references. */
export function violated (sentence: string, sequences: readonly number[], severity: Severity = 'error'): Observation {
  return { isViolation: true, severity, sentence, sequences }
}

/** The most entries that a sentence names: the first ones. */
const MOST_NAMED = 5

/** References to entries: `#3, #4`. */
export function references (sequences: readonly number[]): string {
  const more = sequences.length - MOST_NAMED
  const named = more > 1 ? sequences.slice(0, MOST_NAMED) : sequences
  return named.map(sequence => `#${sequence}`).join(', ') + (more > 1 ? ` and ${more} more` : '')
}
