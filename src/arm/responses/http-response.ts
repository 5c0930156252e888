import { gzipSync } from 'node:zlib'
import type { FastifyRequest } from 'fastify'
import type { HttpResponse } from '../../http/response.js'
import type { MediaType } from './accept.js'
import type { ArmResponse } from './arm-response.js'
import { varies, type ResponseHeaders } from './headers.js'

export interface ResponseOptions {
  readonly headers: ResponseHeaders
  /** The media type of the body. Default: `application/json`. */
  readonly mediaType?: MediaType
}

/**
 * Adds Azure's headers. A service's response to a GET with Vary is sent in chunks (recorded), all others with a length.
 */
export function httpResponse (request: FastifyRequest, response: ArmResponse,
  { headers: azure, mediaType }: ResponseOptions): HttpResponse {
  const { status, layer, body, close } = response
  if (body === undefined) return { status, headers: azure.write(request, response), close }
  const varying = varies(request, status)
  const chunked = varying && layer === 'service' && request.method === 'GET'
  const isCompressed = varying && acceptsGzip(request)
  const content = isCompressed ? gzipSync(body, { level: 1 }) : body
  const length = chunked ? undefined : Buffer.byteLength(content)
  const headers = azure.write(request, response, { mediaType, length, isCompressed })
  return { status, headers, body: content, chunked, close }
}

function acceptsGzip (request: FastifyRequest): boolean {
  const accepted = request.headers['accept-encoding']
  return typeof accepted === 'string' && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted)
}
