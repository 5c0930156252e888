import { distance } from 'fastest-levenshtein'

/**
 * The most edits, and the largest share of the longer word, that a typo may take: commander uses the same limits. From
 * half of the word on, the first letters must agree: `exce` means `exec`, but `name` does not mean `pace`.
 */
const MAX_EDITS = 3
const MAX_SHARE = 0.6
const HALF = 0.5

/** The known word that a mistyped one is nearest to, without regard to case; undefined if none is near. */
export function nearest (word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase()
  let best: { readonly name: string, readonly edits: number } | undefined
  for (const name of known) {
    const edits = distance(typed, name.toLowerCase())
    const share = edits / Math.max(word.length, name.length)
    const isNear = edits <= MAX_EDITS && share < (typed[0] === name[0]?.toLowerCase() ? MAX_SHARE : HALF)
    if (isNear && (best === undefined || edits < best.edits)) best = { name, edits }
  }
  return best?.name
}
