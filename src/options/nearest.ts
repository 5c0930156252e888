import { distance } from 'fastest-levenshtein'

/** The most edits, and the largest share of the longer word, that a typo may take: commander uses the same limits. */
const MAX_EDITS = 3
const MAX_SHARE = 0.6

/**
 * The known word that a mistyped one is nearest to, without regard to case; undefined if none is near. With more than
 * one edit the first letters must agree: `name` does not mean `pace`.
 */
export function nearest (word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase()
  let best: { readonly name: string, readonly edits: number } | undefined
  for (const name of known) {
    const edits = distance(typed, name.toLowerCase())
    const isNear = edits <= MAX_EDITS && edits < MAX_SHARE * Math.max(word.length, name.length) &&
      (edits === 1 || typed[0] === name[0]?.toLowerCase())
    if (isNear && (best === undefined || edits < best.edits)) best = { name, edits }
  }
  return best?.name
}
