/**
 * The most edits of a typo, and their largest share of the longer word. commander uses the same limits. If the share is
 * half or more, the first letters must agree: `exce` means `exec`, but `name` does not mean `pace`.
 */
const MAX_EDITS = 3
const MAX_SHARE = 0.6
const HALF = 0.5

/** The most words to suggest. */
const MAX_WORDS = 3

/** The known word that is nearest to a mistyped one, ignoring case; undefined if none is near. */
export function nearest (word: string, known: readonly string[]): string | undefined {
  return nearestOf(word, known)[0]
}

/** The end of a message about an unknown word: `; did you mean 'exec'?`, or nothing if no word is near. */
export function hint (word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === undefined ? '' : `; ${question(word, near)}`
}

/** The same where the known words are few enough to list: `did you mean 'exec'?`, or `expected one of exec, env`. */
export function suggestion (word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === undefined ? `expected one of ${known.join(', ')}` : question(word, near)
}

/** All known words are ASCII. A letter of another alphabet may look the same, or be invisible. */
function question (word: string, near: string): string {
  const foreign = foreignCharacter(word)
  return `did you mean '${near}'${foreign === undefined ? '' : `, without the character ${foreign}`}?`
}

/** The first character that is not ASCII, in the form U+00A0; undefined if there is none. */
function foreignCharacter (text: string): string | undefined {
  const [found] = /[^\0-\x7f]/u.exec(text) ?? []
  return found && `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Up to three known words near a mistyped one, the nearest first. */
export function nearestOf (word: string, known: readonly string[]): string[] {
  const typed = word.toLowerCase()
  // A word may be very long, so this compares lengths first.
  const near = known.filter(name => Math.abs(word.length - name.length) <= MAX_EDITS)
    .map(name => ({ name, edits: editsBetween(typed, name.toLowerCase()) }))
    .filter(({ name, edits }) => {
      const share = edits / Math.max(word.length, name.length)
      return edits <= MAX_EDITS && share < (typed[0] === name[0]?.toLowerCase() ? MAX_SHARE : HALF)
    })
  return near.sort((a, b) => a.edits - b.edits).slice(0, MAX_WORDS).map(({ name }) => name)
}

/**
 * How many letters to insert, delete, replace or swap with their neighbor to turn a word into another: the
 * Damerau-Levenshtein distance in which no part changes twice (optimal string alignment).
 */
function editsBetween (from: string, to: string): number {
  let beforeLast: readonly number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1]
      const isExchanged = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (isSame ? 0 : 1),
        isExchanged ? beforeLast[column - 2]! + 1 : Infinity
      ))
    }
    beforeLast = last
    last = current
  }
  return last[to.length]!
}
