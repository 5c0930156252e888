/** The number of characters to compare. */
const MOST = 200

/**
 * Returns a function that rates how similar another text is to this one, from 0 to 1. It is Dice's coefficient of the
 * pairs of characters, ignoring case. Unlike an edit distance, it takes linear time.
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
