/** A function that makes a value at its first call, and returns that one at each. */
export function once<Value> (make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}
