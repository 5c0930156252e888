import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { matches, registerOperations, type ApiContract, type OpenApiDocument } from '../http/openapi.js'
import { addScenarios, type ScenarioHookOptions } from '../http/scenario-hook.js'
import { recordSent } from '../http/recorder.js'
import { HeaderList, type HttpResponse } from '../http/response.js'
import { handleError, type ErrorForm } from './error-handler.js'
import { EntraError } from './errors.js'
import { acceptForms } from './forms.js'
import type { AnyHandler, Services } from './handler-types.js'
import { createHandlers } from './handlers.js'
import { ArcKeys } from './metadata/arc-keys.js'
import { addEffects } from './scenario-effects.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    errorForm?: ErrorForm
  }
}

export interface EntraOptions {
  readonly contract: ApiContract
  readonly services: Services & ScenarioHookOptions
}

/** Nothing between azrun and the client may cache tokens (recorded of Entra). */
const HEADERS = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache', expires: '-1' }

/**
 * Microsoft Entra, the endpoints of managed identity and the metadata of clouds, as far as openapi/entra.json describes
 * them. The app must match paths regardless of case and of a trailing slash.
 */
export async function entra (app: FastifyInstance, { contract, services }: EntraOptions): Promise<void> {
  const arcKeys = new ArcKeys({ newId: services.newId, directory: services.arcKeyDirectory })
  const handlers: Readonly<Record<string, AnyHandler>> = createHandlers(services, arcKeys)
  acceptForms(app)
  addScenarios(app, services)
  addEffects(app, services)
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(HEADERS)
    done()
  })
  app.addHook('onSend', (request, reply, payload: string | undefined, done) => {
    // Node's would be that of this machine.
    reply.header('date', services.clock.now().toUTCString())
    const response = recordSent(request, reply, payload)
    const effect = request.effects?.socket
    if (effect === undefined) { done(); return }
    reply.hijack()
    request.server.socketEffects.apply(effect, reply.raw, framed(response))
  })
  app.addHook('onClose', () => arcKeys.close())
  app.setErrorHandler((failure: EntraError, request, reply) => handleError(failure, request, reply, services))
  registerOperations(app, contract, ({ operation }) => ({
    config: { errorForm: operation['x-azrun-form'] },
    handler: (request, reply) => handlers[operation.operationId]!(request, reply)
  }))
}

/** A response with the header that Fastify adds where it sends it. */
function framed ({ headers, body = '', ...response }: HttpResponse): HttpResponse {
  const own = new HeaderList(['content-length', `${Buffer.byteLength(body)}`])
  return { ...response, headers: [...headers, own], body }
}

/**
 * Responds to a request for a path of the document with a method that it lacks; false for any other path. A route for
 * each such path and method would be 110 more at each start.
 */
export function createMethodRefusal ({ paths }: OpenApiDocument, services: Pick<Services, 'clock' | 'newId' | 'log'>) {
  return (request: FastifyRequest, reply: FastifyReply): boolean => {
    const path = Object.keys(paths).find(path => matches(path, request.url))
    if (path === undefined) return false
    const operations = Object.entries(paths[path]!)
    const allowed = operations.map(([method]) => method.toUpperCase()).join(' and ')
    const form = operations[0]![1]['x-azrun-form'] as ErrorForm
    reply.headers({ ...HEADERS, date: services.clock.now().toUTCString() })
    handleError(new EntraError('MethodNotAllowed', { allowed, method: request.method }), request, reply, services, form)
    return true
  }
}
