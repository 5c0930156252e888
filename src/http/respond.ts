import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpResponse } from './response.js'
import { writeResponse } from './write-response.js'

/**
 * Sends a response without Fastify, which lower-cases the names of headers and always adds a length. Fastify's
 * onResponse hooks still run.
 */
export function respond (request: FastifyRequest, reply: FastifyReply, response: HttpResponse): void {
  request.response = response
  reply.hijack()
  writeResponse(reply.raw, response)
}
