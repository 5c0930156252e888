import type { FastifyInstance, FastifyReply, HTTPMethods } from 'fastify'
import { addScenarios, type ScenarioHookOptions } from '../http/scenario-hook.js'
import { registerOperations, type ApiContract, type OpenApiDocument } from '../http/openapi.js'
import { HeaderList } from '../http/response.js'
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

const METHODS: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

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
    request.response = { status: reply.statusCode, headers: [headersOf(reply)], body: payload }
    done()
  })
  app.addHook('onClose', () => arcKeys.close())
  app.setErrorHandler((failure: EntraError, request, reply) => handleError(failure, request, reply, services))
  registerOperations(app, contract, ({ operation }) => ({
    config: { errorForm: operation['x-azrun-form'] },
    handler: (request, reply) => handlers[operation.operationId]!(request, reply)
  }))
  refuseOtherMethods(app, contract.document)
}

function headersOf (reply: FastifyReply): HeaderList {
  return new HeaderList(Object.entries(reply.getHeaders()).flatMap(([name, value]) => [name, `${value}`]))
}

/** Without these routes another surface would respond that the path does not exist. */
function refuseOtherMethods (app: FastifyInstance, document: OpenApiDocument): void {
  for (const [path, operations] of Object.entries(document.paths)) {
    const allowed = Object.keys(operations).map(method => method.toUpperCase())
    const errorForm = Object.values(operations)[0]?.['x-azrun-form'] as ErrorForm
    app.route({
      method: METHODS.filter(method => !allowed.includes(method)),
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: { errorForm },
      handler: ({ method }) => { throw new EntraError('MethodNotAllowed', { allowed: allowed.join(' and '), method }) }
    })
  }
}
