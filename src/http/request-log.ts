import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the service takes of a request although its contract forbids it, such as `member name`. */
    leniencies?: ReadonlySet<string>
  }
}

/** Logs each request at level debug. Above it nothing is hooked: logging would cost more than the request. */
export function addRequestLog (app: FastifyInstance, log: Logger): void {
  if (!log.isLevelEnabled('debug')) return
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url, response, routeOptions: { config: { operationId } } } = request
    const status = response?.status ?? reply.raw.statusCode
    const bytes = response?.body === undefined ? undefined : Buffer.byteLength(response.body)
    const leniencies = request.leniencies && [...request.leniencies]
    log.debug({ method, url, operation: operationId, status, bytes, ms: Math.round(reply.elapsedTime), leniencies }, 'request')
    done()
  })
}
