/** The first `$top` values of a list, or all. */
export function firstOf<Value> (values: readonly Value[], $top: number | undefined): readonly Value[] {
  // The declared type is a number, but the query has text.
  return $top === undefined ? values : values.slice(0, Math.max(0, Number($top)))
}
