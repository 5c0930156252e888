import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Layer } from './errors.js'
import type { ArmHeaders } from './headers.js'
import { sendWhole } from './whole-answer.js'

/** What a handler answers; how Azure dresses it is the business of `ArmHeaders`. */
export interface Answer {
  readonly status: number
  readonly layer: Layer
  readonly body?: string
  /** Headers of this answer alone, as names and values in turn. */
  readonly headers?: readonly string[]
  /** The value of x-ms-ratelimit-remaining-resource. */
  readonly rateLimit?: string
  /** Default: an id of its own. */
  readonly requestId?: string | undefined
}

/**
 * Sends the answer. It does not go through Fastify because Azure's form needs it: names spelt as recorded, and what the
 * service answers to a GET in chunks (Fastify lower-cases the former and always adds a length).
 */
export function sendAnswer (request: FastifyRequest, reply: FastifyReply, headers: ArmHeaders, answer: Answer): void {
  reply.hijack()
  const { status, layer, body } = answer
  let head = headers.of(request, answer)
  if (body === undefined) { sendWhole(reply.raw, { status, head, content: '' }); return }
  const compressed = acceptsGzip(request)
  if (compressed) head += 'Content-Encoding: gzip\r\n'
  const content = compressed ? gzipSync(body, { level: 1 }) : body
  const chunked = layer === 'service' && request.method === 'GET'
  if (!chunked) head += `Content-Length: ${Buffer.byteLength(content)}\r\n`
  sendWhole(reply.raw, { status, head, content, chunked })
}

function acceptsGzip (request: FastifyRequest): boolean {
  const accepted = request.headers['accept-encoding']
  return typeof accepted === 'string' && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted)
}
