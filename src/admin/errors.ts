import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance } from 'fastify'
import { RequestRefused } from '../http/guard.js'

/** Errors below /_emulator have Azure's envelope too, instead of Fastify's. */
export function handleErrors (app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | RequestRefused, _request, reply) => {
    const { statusCode = 500, message } = error
    const code = error instanceof RequestRefused ? error.code : undefined
    reply.code(statusCode).send(envelope(statusCode, message, code))
  })
}

export function envelope (status: number, message: string, code = `${STATUS_CODES[status]}`.replaceAll(' ', '')) {
  return { error: { code, message } }
}
