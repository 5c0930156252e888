import type { Test } from 'tap'

/** `t.match` with a list of patterns, but the lengths must be equal: `t.match` ignores items after the last pattern. */
export function matchList (t: Test, list: unknown, patterns: readonly unknown[], message = 'the list'): void {
  t.equal((list as readonly unknown[]).length, patterns.length, `${message}: ${JSON.stringify(list)}`)
  t.match(list, patterns, message)
}
