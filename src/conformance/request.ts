import { apiVersionOf, standingOf } from '../arm/api-versions.js'
import { publishedVersions } from '../arm/contract/published-versions.js'
import { queryLeniencies } from '../arm/parameters/lenient-query.js'
import { joined } from '../arm/parameters/query-values.js'
import { decoded } from '../core/decoded.js'
import { parseQuery, type Query } from '../http/query.js'
import type { Finding } from '../journal/entry.js'
import { headerOf } from '../journal/message.js'
import { bodyFindings } from './body.js'
import { pathOf, queryOf, type Contract, type ContractOperation, type SentRequest } from './contract.js'
import { finding, quoted, textOfPattern } from './message.js'

const MEDIA_TYPE = /^\s*(?:application|text)\/json\s*(?:;|$)/i

/**
 * What is wrong with a request. Azure refuses an `error`; it accepts a `warning`, but a reviewer would not. An unknown
 * api-version is a `warning`, because azrun may not know all that were published since 2024-03-01.
 */
export function requestFindings (contract: Contract, sent: SentRequest): Finding[] {
  if (!contract.covers(sent)) return []
  if (sent.url.includes('#')) return [fragmentFinding(sent)]
  const operation = contract.find(sent)
  if (operation === undefined) return withoutOperation(contract, sent)
  const query = parseQuery(queryOf(sent.url))
  return [
    ...pathFindings(operation, sent),
    ...versionFindings(operation, query),
    ...valueFindings(operation, query),
    ...queryLeniencies(query, operation.queryParameters)
      .map(({ name, text }) => finding('warning', `request.query.${name}`, text)),
    ...mediaTypeFindings(operation, sent),
    ...bodyFindings(operation, sent)
  ]
}

/** RFC 9110, 7.1: a fragment is for the client only. Servers differ in what they read of the URL then. */
function fragmentFinding ({ url }: SentRequest): Finding {
  const fragment = quoted(url.slice(url.indexOf('#')))
  return finding('error', 'request.url',
    `the URL has the fragment ${fragment}, which HTTP allows in no request: leave it out, or write # as %23`)
}

function withoutOperation (contract: Contract, sent: SentRequest): Finding[] {
  const { method, url } = sent
  const path = pathOf(url)
  const methods = contract.methodsAt(url)
  if (methods.length === 0) {
    return contract.isPathNotServed(url)
      ? [finding('note', 'request.url', `azrun does not serve the path ${quoted(path)}, which Azure has: the contract check ignores it`)]
      : [finding('error', 'request.url', `no operation of the contract has the path ${quoted(path)}`)]
  }
  if (contract.isNotServed(sent)) {
    return [finding('note', 'request.method',
      `azrun does not serve ${method} of this path, which Azure has: the contract check ignores it`)]
  }
  return [finding('error', 'request.method', `method ${method} is not in the contract of this path: use ${methods.join(' or ')}`)]
}

function pathFindings ({ path, pathParameters }: ContractOperation, { url }: SentRequest): Finding[] {
  // Routes also match a path with escapes in other parts than the parameters.
  const found = path.exec(pathOf(url))
  if (found === null) return []
  return pathParameters.flatMap(({ name, pattern = /./, maxLength = Infinity }, index) => {
    const value = decoded(found[index + 1]!)
    if (pattern.test(value) && value.length <= maxLength) return []
    const rule = value.length > maxLength ? `has more than ${maxLength} characters` : `does not match ${textOfPattern(pattern)}`
    return [finding('error', `request.path.${name}`, `the value ${quoted(value)} of path parameter '${name}' ${rule}`)]
  })
}

function versionFindings ({ id, scope, action }: ContractOperation, query: Query): Finding[] {
  const version = apiVersionOf(query)
  const newest = publishedVersions[scope].at(-1)!
  const at = (severity: Finding['severity'], message: string) => [finding(severity, 'request.query.api-version', message)]
  if (version === '') return at('error', `${id} was called without an api-version: send one such as ${newest}`)
  switch (standingOf(version, scope, action)) {
    case 'published': return []
    case 'newer': return at('note', `api-version ${quoted(version)} of ${id} is newer than those that azrun knows to be published`)
    case 'unlisted':
      return at('warning', `api-version ${quoted(version)} of ${id} is not one that azrun knows to be published: use ${newest}`)
    case 'deprecated':
      return at('warning', `api-version ${quoted(version)} of ${id} is deprecated, as is a preview once a newer version is out: use ${newest}`)
    case 'unpublished': return at('error', `api-version ${quoted(version)} of ${id} is not published: use ${newest}`)
    case 'malformed': return at('error', `api-version ${quoted(version)} of ${id} is not a date such as ${newest}`)
  }
}

/** Ignores values that differ from the contract's only in case. */
function valueFindings ({ queryParameters }: ContractOperation, query: Query): Finding[] {
  return queryParameters.flatMap(({ name, rule }) => {
    const sent = query[name]
    if (rule === undefined || sent === undefined) return []
    const value = joined(sent)
    if (rule.allows(value)) return []
    return [finding('error', `request.query.${name}`, `the value ${quoted(value)} of query parameter '${name}' ${rule.words}`)]
  })
}

function mediaTypeFindings ({ bodyType }: ContractOperation, { request }: SentRequest): Finding[] {
  if (bodyType === undefined || !hasBody(request)) return []
  const mediaType = headerOf(request, 'content-type') ?? ''
  if (MEDIA_TYPE.test(mediaType)) return []
  const sent = mediaType === '' ? 'no Content-Type' : `Content-Type ${quoted(mediaType)}`
  return [finding('error', 'request.headers.Content-Type', `the body has ${sent}: send application/json`)]
}

function hasBody (request: SentRequest['request']): boolean {
  return (request.body ?? '') !== '' || Number(headerOf(request, 'content-length') ?? 0) > 0
}
