import { Readable } from 'node:stream'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { isOwn } from '../http/own-pages.js'
import { acceptAnyJson } from './any-json.js'
import { pathOf, type Endpoint } from './endpoints.js'
import { AdminError, handleError } from './errors.js'
import type { Services } from './handler-types.js'
import { createPages, PATHS, type PageOptions } from './page-endpoints.js'
import { TestApi } from './test-api.js'
import { requireToken } from './token.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The endpoint of a request below /_emulator. */
    endpoint?: Endpoint
  }
}

/** What the pages and the API need. */
export interface AdminOptions extends PageOptions, Services {
  readonly log: Logger
}

interface PluginOptions extends Pick<AdminOptions, 'clock' | 'log' | 'ownPages' | 'adminToken'> {
  readonly endpointFor: FindEndpoint
}

/** Finds the endpoint of a request. Refuses a request that is neither for a page nor for the API. */
export type FindEndpoint = (request: FastifyRequest, reply: FastifyReply) => Endpoint

/**
 * What azrun serves below /_emulator: pages for people, health, OpenAPI documents, the certificate to trust, and the
 * API for tests. They share one route, because each route costs time at every start, and most runs need none of these.
 */
export async function admin (app: FastifyInstance, options: PluginOptions): Promise<void> {
  const { clock, log, ownPages, adminToken, endpointFor } = options
  app.setErrorHandler((error: FastifyError, request, reply) => handleError(error, request, reply, log))
  acceptAnyJson(app)
  app.decorateRequest('endpoint', undefined)
  app.addHook('onSend', (request, reply, payload: string | Readable | undefined, done) => {
    reply.header('date', clock.now().toUTCString())
    if (payload instanceof Readable) {
      // Before the first byte, Fastify sends an error response. Later it cuts the connection, and logs nothing.
      payload.once('error', error => { if (reply.raw.headersSent) log.error(error) })
      return done(null, payload)
    }
    if (request.method !== 'HEAD') return done(null, payload)
    reply.header('content-length', Buffer.byteLength(payload ?? ''))
    done(null, null)
  })
  const route = {
    method: app.supportedMethods,
    // Runs before the body is read.
    onRequest (request: FastifyRequest, reply: FastifyReply, done: () => void) {
      const endpoint = endpointFor(request, reply)
      const { operationId } = endpoint
      if (operationId !== undefined && adminToken !== undefined) requireToken(request, reply, adminToken, ownPages)
      request.ownOperation = operationId
      request.endpoint = endpoint
      done()
    },
    handler (this: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
      return request.endpoint!.handle.call(this, request, reply)
    }
  }
  app.route({ ...route, url: '/*' })
  // The path without a trailing slash. The wildcard needs one.
  app.route({ ...route, url: '/', prefixTrailingSlash: 'no-slash' })
}

/** The pages and the API. */
export function createEndpoints (options: AdminOptions): FindEndpoint {
  const pageAt = createPages(options)
  const api = new TestApi(() => options.documents.admin, options)
  return ({ method, url }, reply) => {
    const path = pathOf(url)
    const endpoints = pageAt(path) ?? api.at(path)
    const endpoint = endpoints.get(method)
    if (endpoint !== undefined) return endpoint
    if (endpoints.size === 0) throw new AdminError(404, `azrun has nothing at '${url}'${api.hint(path)} ${PATHS}`)
    const allowed = [...endpoints.keys()]
    reply.header('Allow', allowed.join(', '))
    throw new AdminError(405, `this path does not support the method ${method}: use ${allowed.join(' or ')}`)
  }
}

/**
 * Refuses a request below /_emulator that has no route; returns false for any other. Fastify has none for methods that
 * it does not know, for which routes would make every start slower, and none for paths that it cannot decode.
 */
export function createAdminRefusal (endpointFor: FindEndpoint,
  { clock, log }: Pick<AdminOptions, 'clock' | 'log'>): (request: FastifyRequest, reply: FastifyReply) => boolean {
  return (request, reply) => {
    if (!isOwn(request.url)) return false
    try {
      endpointFor(request, reply)
      return false
    } catch (error) {
      reply.header('date', clock.now().toUTCString())
      handleError(error as AdminError, request, reply, log)
      return true
    }
  }
}
