/**
 * Returns a test for texts that match the whole pattern, where `*` is any text. The test searches for the literal parts
 * in turn. Unlike a regular expression, it cannot stall on a long text.
 */
export function wildcard (pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return text => text === pattern
  const [head, ...rest] = pattern.split('*') as [string, ...string[]]
  const tail = rest.pop()!
  return text => {
    if (!text.startsWith(head) || !text.endsWith(tail)) return false
    let from = head.length
    for (const part of rest) {
      const found = text.indexOf(part, from)
      if (found < 0) return false
      from = found + part.length
    }
    return from <= text.length - tail.length
  }
}
