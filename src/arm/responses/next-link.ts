import type { FastifyRequest } from 'fastify'
import { originOf, type ReachedBy } from '../../http/origin.js'
import type { Query } from '../../http/query.js'

/** A request for a page. */
export type Paged = ReachedBy & Pick<FastifyRequest, 'url' | 'query'>

/**
 * The URL of the next page, which begins with the resource of this key. The form is recorded: the examples of
 * armkeyvault in azure-sdk-for-go, azure-sdk-for-python #541. Resource Manager's tokens name a row of its store, too.
 */
export function nextLink (key: string, request: Paged): string {
  const [path] = request.url.split('?', 1)
  const token = Buffer.from(JSON.stringify({ nextRowKey: key })).toString('base64')
  const parameters = Object.entries(request.query as Query)
    .flatMap(([name, sent]) => [sent].flat().map(value => [name, value] as const))
    .filter(([name]) => name !== '$skiptoken')
  const query = [...parameters, ['$skiptoken', token] as const].map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  return `${originOf(request)}${path}?${query.join('&')}`
}

/** The key in a token; undefined if the token is not one of azrun's. */
export function keyIn (token: string): unknown {
  try {
    return (JSON.parse(`${Buffer.from(token, 'base64')}`) as { readonly nextRowKey?: unknown } | null)?.nextRowKey
  } catch {
    return undefined
  }
}

/** Text as .NET encodes it in a form: escapes in lower case, a plus sign for a blank. */
function encoded (text: string): string {
  return encodeURIComponent(text)
    .replaceAll(/['~]/g, character => `%${character.charCodeAt(0).toString(16)}`)
    .replaceAll(/%[\dA-F]{2}/g, escape => escape === '%20' ? '+' : escape.toLowerCase())
}
