import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiContract } from '../http/openapi.js'
import { serveOperations } from '../http/operations.js'
import { recordSent } from '../http/recorder.js'
import { headerText, type HttpResponse } from '../http/response.js'
import { addScenarios, type ScenarioHookOptions } from '../http/scenario-hook.js'
import { writeResponse } from '../http/write-response.js'
import { addEffects, type EffectOptions } from './effects/hook.js'
import { handleError, type ErrorForm } from './error-handler.js'
import { EntraError } from './errors/entra-error.js'
import { acceptForms } from './forms.js'
import type { AnyHandler, Services } from './handler-types.js'
import { createHandlers } from './handlers.js'
import { ArcKeys } from './metadata/arc-keys.js'
import { headersFor, spelledHeaders } from './response-headers.js'

declare module '../http/operations.js' {
  interface ServedOperation {
    errorForm?: ErrorForm
  }
}

export interface EntraOptions {
  readonly contract: ApiContract
  readonly services: Services & ScenarioHookOptions & EffectOptions
}

/**
 * The surface of Microsoft Entra, managed identity and the metadata of clouds: the operations of openapi/entra.json.
 */
export async function entra (app: FastifyInstance, { contract, services }: EntraOptions): Promise<void> {
  const arcKeys = new ArcKeys({ newId: services.newId, directory: services.arcKeyDirectory })
  const handlers: Readonly<Record<string, AnyHandler>> = createHandlers(services, arcKeys)
  acceptForms(app)
  addScenarios(app, services)
  addEffects(app, services)
  // Never calls back, since Fastify would lower-case the names of headers.
  app.addHook('onSend', (request, reply, payload: string | undefined) => {
    addHeaders(request, reply, services)
    const response = framed(recordSent(request, reply, payload, spelledHeaders))
    const effect = request.effects?.socket
    reply.hijack()
    if (effect === undefined) writeResponse(reply.raw, response)
    else request.server.socketEffects.apply(effect, reply.raw, response)
  })
  app.addHook('onClose', () => arcKeys.close())
  app.setErrorHandler((failure: EntraError, request, reply) => handleError(failure, request, reply, services))
  const routes = contract.routes.map(({ method, path, operation }) =>
    ({ method, path, operation: { operationId: operation.operationId, errorForm: operation['x-azrun-form'] as ErrorForm } }))
  serveOperations(app, 'entra', routes, (request, reply) => handlers[request.operation!.operationId]!(request, reply))
}

/** Adds the service's headers, except those that the reply has already. */
function addHeaders (request: FastifyRequest, reply: FastifyReply, { clock, newId }: Pick<Services, 'clock' | 'newId'>,
  form?: ErrorForm): void {
  // Node's date would be the machine's.
  const own = { ...headersFor(request, reply.statusCode, newId, form), date: clock.now().toUTCString() }
  for (const [name, value] of Object.entries(own)) if (!reply.hasHeader(name)) reply.header(name, value)
}

/** Adds the header that Fastify would add to the response. */
function framed ({ headers, body = '', ...response }: HttpResponse): HttpResponse {
  const own = headerText(['Content-Length', `${Buffer.byteLength(body)}`])
  return { ...response, headers: headers + own, body }
}

/** Responds to a request for a path of the contract with a method that it lacks; returns false for any other path. */
export function createEntraMethodRefusal (services: Pick<Services, 'clock' | 'newId' | 'log'>) {
  return (request: FastifyRequest, reply: FastifyReply): boolean => {
    const operations = request.server.operations.at(request.url)
    const [first] = operations.values()
    if (first?.surface !== 'entra') return false
    const allowed = [...operations.keys()].join(' and ')
    const { errorForm } = first.operation
    addHeaders(request, reply.code(400), services, errorForm)
    const error = new EntraError('MethodNotAllowed', { allowed, method: request.method })
    handleError(error, request, reply, services, errorForm)
    return true
  }
}
