import type { FastifyReply, FastifyRequest } from 'fastify'
import { headerText } from '../http/response.js'
import type { ErrorForm } from './error-handler.js'

type Headers = Readonly<Record<string, string>>

/** Nothing may cache tokens. Recorded of Entra; inferred for App Service, Cloud Shell and Microsoft Graph. */
const NOT_CACHED = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache', expires: '-1' }

/** Recorded: azure-sdk-for-js's recordings of Key Vault in 2022. They also have cookies and the name of the server. */
const OF_ENTRA = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  p3p: 'CP="DSP CUR OTPi IND OTRi ONL FIN"',
  'x-xss-protection': '0'
}

/** A browser may read what Entra publishes (recorded: the same). */
const PUBLISHED = {
  'cache-control': 'max-age=86400, private',
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, OPTIONS'
}

/** Entra's order and spelling. Other headers come before the date. */
const SPELLINGS = ['Cache-Control', 'Pragma', 'Content-Type', 'Expires', 'Strict-Transport-Security',
  'X-Content-Type-Options', 'Access-Control-Allow-Origin', 'Access-Control-Allow-Methods', 'P3P', 'x-ms-request-id',
  'X-XSS-Protection', 'WWW-Authenticate', 'Retry-After']
const NAMES = SPELLINGS.map(spelling => spelling.toLowerCase())

/** Operations whose responses Entra publishes. Inferred: the keys have the headers of the others. */
const PUBLISHING = /^(InstanceDiscovery|OpenIdConfiguration|Keys)_/

/** IMDS adds no headers (recorded: burmilla/os-services). */
const WITHOUT: readonly unknown[] = ['imds', 'instance-metadata'] satisfies ErrorForm[]

/** The headers that the service adds to a response with this status. */
export function headersFor (request: FastifyRequest, status: number, newId: () => string,
  form = request.operation?.errorForm ?? 'oauth'): Headers {
  if (WITHOUT.includes(form)) return {}
  if (form !== 'oauth' && form !== 'page') return NOT_CACHED
  const { operationId = '' } = request.operation ?? {}
  const isPublished = status === 200 && PUBLISHING.test(operationId)
  return { ...isPublished ? PUBLISHED : NOT_CACHED, ...OF_ENTRA, 'x-ms-request-id': newId() }
}

/** The headers of a reply as text, in Entra's order and spelling. */
export function spelledHeaders (reply: FastifyReply): string {
  const headers = reply.getHeaders()
  const known = NAMES.flatMap((name, index) => name in headers ? [SPELLINGS[index]!, `${headers[name]}`] : [])
  const others = Object.entries(headers).filter(([name]) => name !== 'date' && !NAMES.includes(name))
  return headerText([...known, ...others.flatMap(([name, value]) => [name, `${value}`]), 'Date', `${headers['date']}`])
}
