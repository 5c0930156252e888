import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import { Router, type Found } from './router.js'

/** An operation of a contract. Surfaces extend it with what they need for each request. */
export interface ServedOperation {
  readonly operationId: string
}

/** An operation with its method and path. */
export interface OperationRoute {
  readonly method: string
  readonly path: string
  readonly operation: ServedOperation
}

interface Target {
  readonly surface: string
  readonly operation: ServedOperation
}

declare module 'fastify' {
  interface FastifyInstance {
    operations: Router<Target>
  }
  interface FastifyRequest {
    /** Undefined for a request to no operation of a contract. */
    operation: ServedOperation | undefined
  }
}

/** Passes the router's result from Fastify's constraint to its first hook. */
const FOUND = Symbol('found')

type Routed = IncomingMessage & { [FOUND]?: Found<Target> | undefined }

/**
 * Finds the operation of each request. All operations of a surface share one Fastify route, because each route makes
 * the start slower. No operation has a path below `reserved`, a first segment.
 */
export function addOperations (app: FastifyInstance, reserved: string): void {
  const router = new Router<Target>(reserved)
  app.decorate('operations', router)
  app.decorateRequest('operation', undefined)
  app.addConstraintStrategy({
    name: 'surface',
    storage: () => new Map(),
    deriveConstraint (request: Routed) {
      const found = router.find(request.method!, request.url!)
      request[FOUND] = found
      return found?.target.surface
    }
  })
  app.addHook('onRequest', (request, _reply, done) => {
    const found = (request.raw as Routed)[FOUND]
    if (found !== undefined) {
      request.operation = found.target.operation
      request.params = found.params
    }
    done()
  })
}

/** Serves the operations of a surface. */
export function serveOperations (app: FastifyInstance, surface: string, routes: readonly OperationRoute[],
  handler: RouteHandlerMethod): void {
  for (const { method, path, operation } of routes) app.operations.add(method, path, { surface, operation })
  const methods = [...new Set(routes.map(({ method }) => method))]
  app.route({ method: methods, url: '/*', constraints: { surface }, handler })
}
