import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance } from 'fastify'

/** Errors below /_emulator have Azure's envelope too, instead of Fastify's. `pages` lists the paths that exist. */
export function handleErrors (app: FastifyInstance, pages: string): void {
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(envelope(404, `azrun has no page '${request.url}'. Available pages: ${pages}.`)))
  app.setErrorHandler(({ statusCode = 500, message }: FastifyError, _request, reply) =>
    reply.code(statusCode).send(envelope(statusCode, message)))
}

export function envelope (status: number, message: string) {
  return { error: { code: `${STATUS_CODES[status]}`.replaceAll(' ', ''), message } }
}
