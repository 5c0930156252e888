/** The place of a value in another: names of members and indexes of lists. */
export type Path = readonly (string | number)[]

/** A path in the usual notation: `virtualMachines[0].name`, `match.parameters["a b"]`. */
export function textOf (path: Path): string {
  return path.map((segment, index) => {
    if (typeof segment === 'number') return `[${segment}]`
    if (!/^[\w$-]+$/.test(segment)) return `[${JSON.stringify(segment)}]`
    return index === 0 ? segment : `.${segment}`
  }).join('')
}

/** Converts a JSON pointer (RFC 6901) to a path in `value`. */
export function pathOf (pointer: string, value: unknown): Path {
  let at = value
  return pointer.split('/').slice(1).map(escaped => {
    const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~')
    const segment = Array.isArray(at) ? Number(name) : name
    at = (at as Record<string, unknown>)[name]
    return segment
  })
}

/** The value at a path in another. */
export function valueAt (path: Path, value: unknown): unknown {
  return path.reduce((at, segment) => (at as Record<string | number, unknown>)[segment], value)
}
