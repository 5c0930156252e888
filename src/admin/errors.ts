import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { RequestRefused } from '../http/guard.js'
import { logErrorResponse } from '../http/request-log.js'

interface Detail {
  readonly message: string
  readonly target: string
}

/** The error response to a request for a page or to the API. */
export class AdminError extends Error {
  readonly statusCode: number
  readonly code: string
  /** The field that is wrong. */
  readonly target: string | undefined
  /** Everything that is wrong, if it is more than one thing. */
  readonly details: readonly Detail[] | undefined

  /** The default of `code` is the status in words. */
  constructor (statusCode: number, message: string,
    { code, target, details }: Partial<Pick<AdminError, 'code' | 'target' | 'details'>> = {}) {
    super(message)
    this.statusCode = statusCode
    this.code = code ?? codeOf(statusCode)
    this.target = target
    this.details = details
  }
}

/** Responds with an error. It has Azure's envelope, instead of Fastify's. */
export function handleError (error: FastifyError | RequestRefused | AdminError, request: FastifyRequest,
  reply: FastifyReply, log: Logger): void {
  const { statusCode: status = 500 } = error
  const { message, target, details } = error instanceof AdminError ? error : explained(error, request)
  const isOurs = error instanceof RequestRefused || error instanceof AdminError
  const code = isOurs ? error.code : codeOf(status)
  reply.code(status).send({
    error: {
      code,
      message,
      ...target !== undefined && { target },
      ...details !== undefined && { details: details.map(detail => ({ code, ...detail })) }
    }
  })
  if (status >= 500) log.error(error)
  logErrorResponse(log, request, { status, code, reason: message })
}

/** The message of another error. One of Fastify about a body gets the field and the rule. */
function explained ({ code, message }: FastifyError | RequestRefused,
  { headers, server }: FastifyRequest): Partial<Pick<AdminError, 'target' | 'details'>> & { readonly message: string } {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { message: `'body' must have at most ${server.initialConfig.bodyLimit} bytes`, target: 'body' }
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': {
      const target = 'Content-Type'
      const sent = headers['content-type']
      return { message: `'${target}' must be a media type such as application/json, not '${sent}'`, target }
    }
  }
  return { message }
}

function codeOf (status: number): string {
  return `${STATUS_CODES[status]}`.replaceAll(' ', '')
}
