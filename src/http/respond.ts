import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpResponse } from './response.js'
import { textOf, writeResponse } from './write-response.js'

/**
 * Records a response and sends it without Fastify, which lower-cases the names of headers and always adds a length.
 * Fastify's onResponse hooks still run.
 */
export function respond (request: FastifyRequest, reply: FastifyReply, response: HttpResponse): void {
  request.response = response
  reply.hijack()
  const text = textOf(reply.raw, response)
  request.server.recorder?.record(request, response, text)
  const effect = request.effects?.socket
  if (effect === undefined) writeResponse(reply.raw, response, text)
  else request.server.socketEffects.apply(effect, reply.raw, response)
}
