import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HttpResponse } from './response.js'
import { textOf, writeResponse } from './write-response.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Called with the status of the response. */
    onResponding?: (status: number) => void
  }
}

/**
 * Records a response and sends it without Fastify, which lower-cases header names and always adds a length. Fastify's
 * onResponse hooks still run.
 */
export function respond (request: FastifyRequest, reply: FastifyReply, response: HttpResponse): void {
  const { recorder, socketEffects, traceHeaders } = request.server
  const traced = traceHeaders.addedTo(response, request)
  request.response = traced
  reply.hijack()
  const text = textOf(reply.raw, traced)
  recorder.record(request, traced, text)
  request.onResponding?.(traced.status)
  const effect = request.effects?.socket
  if (effect === undefined) writeResponse(reply.raw, traced, text)
  else socketEffects.apply(effect, reply.raw, traced)
}
