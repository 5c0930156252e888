import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { messages, type ErrorResponseEvent, type RequestEvent } from '../logging/events.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The operation, for azrun's own API. */
    ownOperation?: string
  }
}

/** Logs each request at level debug. At other levels it adds no hook, which would cost more than the request. */
export function addRequestLog (app: FastifyInstance, log: Logger): void {
  if (!log.isLevelEnabled('debug')) return
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url, response, operation, ownOperation } = request
    const status = response?.status ?? reply.raw.statusCode
    const bytes = response?.body === undefined ? undefined : Buffer.byteLength(response.body)
    const leniencies = request.leniencies && [...request.leniencies]
    const event: RequestEvent = { method, url, status, ms: Math.round(reply.elapsedTime) }
    log.debug({ ...event, operation: operation?.operationId ?? ownOperation, bytes, leniencies }, messages.request)
    done()
  })
}

/**
 * Logs a response of 400 to 499 at level info, because developers want to see their client's mistakes. Called where
 * errors become responses, so that other requests pay nothing for it. azrun's own errors are logged where they occur.
 */
export function logErrorResponse (log: Pick<Logger, 'info'>, { method, url }: FastifyRequest,
  details: Omit<ErrorResponseEvent, 'method' | 'url'>): void {
  if (details.status >= 500) return
  const event: ErrorResponseEvent = { method, url, ...details }
  log.info(event, messages.errorResponse)
}
