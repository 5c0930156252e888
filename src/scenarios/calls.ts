/** Which of the matching calls a scenario applies to, counted from 1. */
export interface Calls {
  readonly first: number
  /** Infinity if there is no end. */
  readonly last: number
}

/** The calls that `1`, `1-2` or `3-` means. */
export function callsOf (text = '1-'): Calls {
  const [first, last] = text.split('-') as [string, string?]
  return { first: Number(first), last: last === undefined ? Number(first) : last === '' ? Infinity : Number(last) }
}
