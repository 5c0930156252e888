/** Characters of a text that are compared. */
const MOST = 200

/**
 * How alike two texts are, from 0 to 1: Dice's coefficient of their pairs of characters, without case. It takes time in
 * proportion to their lengths, unlike a count of edits.
 */
export function likeness (one: string, other: string): number {
  const [pairs, others] = [pairsOf(one), pairsOf(other)]
  const total = pairs.size + others.size
  if (total === 0) return 0
  const common = [...pairs].filter(pair => others.has(pair)).length
  return 2 * common / total
}

function pairsOf (text: string): Set<string> {
  const lower = text.slice(0, MOST).toLowerCase()
  return new Set(Array.from({ length: Math.max(0, lower.length - 1) }, (_, index) => lower.slice(index, index + 2)))
}
