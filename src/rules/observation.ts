export type Severity = 'error' | 'warning'

/** Something that the run shows about one rule. */
export interface Observation {
  readonly isViolation: boolean
  /** Of a violation: `warning` if a published client of Azure does the same on purpose, or if nothing was harmed. */
  readonly severity?: Severity
  /** One sentence, which names the entries as `#3`. */
  readonly sentence: string
  /** The entries that show it. */
  readonly sequences: readonly number[]
}

export function held (sentence: string, ...sequences: readonly number[]): Observation {
  return { isViolation: false, sentence: `${sentence} (${references(sequences)})`, sequences }
}

export function violated (sentence: string, sequences: readonly number[], severity: Severity = 'error'): Observation {
  return { isViolation: true, severity, sentence, sequences }
}

/** How many entries a sentence names, the first ones. */
const MOST_NAMED = 5

/** Such as `#3, #4`. */
export function references (sequences: readonly number[]): string {
  const more = sequences.length - MOST_NAMED
  const named = more > 1 ? sequences.slice(0, MOST_NAMED) : sequences
  return named.map(sequence => `#${sequence}`).join(', ') + (more > 1 ? ` and ${more} more` : '')
}
