/** Characters of a text that are compared. */
const MOST = 200

/**
 * Says how alike other texts are to this one, from 0 to 1: Dice's coefficient of their pairs of characters, without
 * case. It takes time in proportion to their lengths, unlike a count of edits.
 */
export function likenessTo (text: string): (other: string) => number {
  const pairs = pairsOf(text)
  return other => {
    const others = pairsOf(other)
    const total = pairs.size + others.size
    if (total === 0) return 0
    const common = [...others].filter(pair => pairs.has(pair)).length
    return 2 * common / total
  }
}

function pairsOf (text: string): Set<string> {
  const lower = text.slice(0, MOST).toLowerCase()
  return new Set(Array.from({ length: Math.max(0, lower.length - 1) }, (_, index) => lower.slice(index, index + 2)))
}
