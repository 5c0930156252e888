import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance } from 'fastify'

/** Errors below /_emulator have Azure's envelope too, and nothing of Fastify's. */
export function answerErrors (app: FastifyInstance, pages: string): void {
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(envelope(404, `azrun has no page '${request.url}'; it has ${pages}.`)))
  app.setErrorHandler(({ statusCode = 500, message }: FastifyError, _request, reply) =>
    reply.code(statusCode).send(envelope(statusCode, message)))
}

function envelope (status: number, message: string) {
  return { error: { code: `${STATUS_CODES[status]}`.replaceAll(' ', ''), message } }
}
