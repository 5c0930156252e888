export type Severity = 'error' | 'warning'

/** Evidence of a run about one rule. */
export interface Observation {
  readonly isViolation: boolean
  /** For a violation: `warning` if a published client of Azure does the same on purpose, or if it did no harm. */
  readonly severity?: Severity
  /** A sentence that refers to entries as `#3`. */
  readonly sentence: string
  /** The numbers of the entries that show it. */
  readonly sequences: readonly number[]
}

export function held (sentence: string, ...sequences: readonly number[]): Observation {
  return { isViolation: false, sentence: `${sentence} (${references(sequences)})`, sequences }
}

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
