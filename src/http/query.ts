/** The parameters of a query: the values of a name that occurs more than once are an array. */
export type Query = Record<string, string | string[]>

/** Without a prototype, so that no name is taken. An object made from this one is faster than one made from null. */
const EMPTY: object = Object.freeze(Object.create(null))

/**
 * Parses a query as Fastify's own parser does. That one looks at each character, which made the poll of a signed URL,
 * of 3 KB, 60 % slower. A name or value whose escapes are malformed stays as it is.
 */
export function parseQuery (text: string): Query {
  const query: Query = Object.create(EMPTY)
  const isEncoded = text.includes('%') || text.includes('+')
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    let name = equals === -1 ? pair : pair.slice(0, equals)
    let value = equals === -1 ? '' : pair.slice(equals + 1)
    if (isEncoded) [name, value] = [decoded(name), decoded(value)]
    const others = query[name]
    if (others === undefined) query[name] = value
    else if (typeof others === 'string') query[name] = [others, value]
    else others.push(value)
  }
  return query
}

function decoded (text: string): string {
  const spaced = text.replaceAll('+', ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}
