import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance } from 'fastify'
import { RequestRefused } from '../http/guard.js'

/** A mistake in a request to azrun's own API. */
export class AdminError extends Error {
  readonly statusCode: number
  readonly code: string
  /** The field that is wrong. */
  readonly target: string | undefined

  /** `code` is by default the status in words. */
  constructor (statusCode: number, message: string, { code, target }: Partial<Pick<AdminError, 'code' | 'target'>> = {}) {
    super(message)
    this.statusCode = statusCode
    this.code = code ?? codeOf(statusCode)
    this.target = target
  }
}

/** Errors below /_emulator have Azure's envelope too, instead of Fastify's. `pages` lists the paths that exist. */
export function handleErrors (app: FastifyInstance, pages: string): void {
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(envelope(404, `azrun has no page '${request.url}'. Available pages: ${pages}.`)))
  app.setErrorHandler((error: FastifyError | RequestRefused | AdminError, _request, reply) => {
    const { statusCode = 500, message } = error
    const code = error instanceof RequestRefused || error instanceof AdminError ? error.code : undefined
    const target = error instanceof AdminError ? error.target : undefined
    reply.code(statusCode).send(envelope(statusCode, message, code, target))
  })
}

export function envelope (status: number, message: string, code = codeOf(status), target?: string) {
  return { error: { code, message, ...target !== undefined && { target } } }
}

function codeOf (status: number): string {
  return `${STATUS_CODES[status]}`.replaceAll(' ', '')
}
