import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { messages, type ErrorResponseEvent, type RequestEvent } from '../logging/events.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the service takes of a request although its contract forbids it, such as `member name`. */
    leniencies?: ReadonlySet<string>
    /** The operation of azrun's own API, whose operations share one route. */
    ownOperation?: string
  }
}

/** Logs each request at level debug. Above it nothing is hooked: logging would cost more than the request. */
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
 * Logs a response of 400 to 499 at level info: the client's mistake, which its owner wants to see. Called where errors
 * become responses, so that other requests pay nothing for it. An error of azrun's own is logged where it is noticed.
 */
export function logErrorResponse (log: Pick<Logger, 'info'>, { method, url }: FastifyRequest,
  details: Omit<ErrorResponseEvent, 'method' | 'url'>): void {
  if (details.status >= 500) return
  const event: ErrorResponseEvent = { method, url, ...details }
  log.info(event, messages.errorResponse)
}
