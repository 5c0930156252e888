import { distance } from 'fastest-levenshtein'

/**
 * The most edits, and the largest share of the longer word, that a typo may take: commander uses the same limits. From
 * half of the word on, the first letters must agree: `exce` means `exec`, but `name` does not mean `pace`.
 */
const MAX_EDITS = 3
const MAX_SHARE = 0.6
const HALF = 0.5

/** The most words that are suggested for one. */
const MAX_WORDS = 3

/** The known word that a mistyped one is nearest to, without regard to case; undefined if none is near. */
export function nearest (word: string, known: readonly string[]): string | undefined {
  return nearestOf(word, known)[0]
}

/** Up to three known words that a mistyped one is near to, the nearest first. */
export function nearestOf (word: string, known: readonly string[]): string[] {
  const typed = word.toLowerCase()
  const near = known.map(name => ({ name, edits: distance(typed, name.toLowerCase()) })).filter(({ name, edits }) => {
    const share = edits / Math.max(word.length, name.length)
    return edits <= MAX_EDITS && share < (typed[0] === name[0]?.toLowerCase() ? MAX_SHARE : HALF)
  })
  return near.sort((a, b) => a.edits - b.edits).slice(0, MAX_WORDS).map(({ name }) => name)
}
