/** The range of matching calls that a scenario applies to, counted from 1. */
export interface Calls {
  readonly first: number
  /** Infinity for a range without an end. */
  readonly last: number
}

/** Parses `1`, `1-2` or `3-`. */
export function callsOf (text = '1-'): Calls {
  const [first, last] = text.split('-') as [string, string?]
  return { first: Number(first), last: last === undefined ? Number(first) : last === '' ? Infinity : Number(last) }
}
