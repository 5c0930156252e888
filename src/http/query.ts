import { formDecoded } from '../core/decoded.js'

/** The parameters of a query. A name that occurs more than once has an array. */
export type Query = Record<string, string | string[]>

/** Has no prototype, so that no name is taken. An object created from this one is faster than one created from null. */
const EMPTY: object = Object.freeze(Object.create(null))

/**
 * Parses a query with the same result as Fastify's parser. Fastify's reads each character, which made the poll of a
 * signed URL of 3 KB 60 % slower. A name or value with malformed escapes stays as it is.
 */
export function parseQuery (text: string): Query {
  const query: Query = Object.create(EMPTY)
  const isEncoded = text.includes('%') || text.includes('+')
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    let name = equals === -1 ? pair : pair.slice(0, equals)
    let value = equals === -1 ? '' : pair.slice(equals + 1)
    if (isEncoded) [name, value] = [formDecoded(name), formDecoded(value)]
    const others = query[name]
    if (others === undefined) query[name] = value
    else if (typeof others === 'string') query[name] = [others, value]
    else others.push(value)
  }
  return query
}
