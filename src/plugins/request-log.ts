import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'

/** A line for each request at level debug; above it nothing is hooked, since logging is what a request costs most. */
export function addRequestLog (app: FastifyInstance, log: Logger): void {
  if (!log.isLevelEnabled('debug')) return
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url } = request
    log.debug({ method, url, status: reply.raw.statusCode, ms: Math.round(reply.elapsedTime) }, 'request')
    done()
  })
}
