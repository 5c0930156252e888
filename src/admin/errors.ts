import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { RequestRefused } from '../http/guard.js'
import { logErrorResponse } from '../http/request-log.js'

/** A request for a page that azrun does not answer. */
export class PageRefused extends Error {
  readonly statusCode: number

  constructor (statusCode: number, message: string) {
    super(message)
    this.statusCode = statusCode
  }
}

/** Errors below /_emulator have Azure's envelope too, instead of Fastify's. `pages` lists the paths that exist. */
export function handleErrors (app: FastifyInstance, log: Logger, pages: string): void {
  app.setNotFoundHandler(({ url }) => {
    throw new PageRefused(404, `azrun has no page '${url}'. Available pages: ${pages}.`)
  })
  app.setErrorHandler((error: FastifyError | RequestRefused | PageRefused, request, reply) => {
    const { statusCode: status = 500, message } = error
    const code = error instanceof RequestRefused ? error.code : `${STATUS_CODES[status]}`.replaceAll(' ', '')
    reply.code(status).send({ error: { code, message } })
    if (status >= 500) log.error(error)
    logErrorResponse(log, request, { status, code, reason: message })
  })
}
