import type { FastifyInstance, HTTPMethods } from 'fastify'
import { registerOperations, type Contract, type OpenApiDocument } from '../openapi.js'
import { ArcKeys } from './arc-keys.js'
import type { AnyHandler, Services } from './contract.js'
import { EntraError } from './errors.js'
import { answerFailure, type ErrorForm } from './failure.js'
import { createHandlers } from './handlers.js'
import { acceptForms } from './requests.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    errorForm?: ErrorForm
  }
}

export interface EntraOptions {
  readonly contract: Contract
  readonly services: Services
}

/** Tokens are not to be kept by anything on the way (recorded of Entra). */
const HEADERS = { 'cache-control': 'no-store, no-cache', pragma: 'no-cache', expires: '-1' }

const METHODS: HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * Microsoft Entra, the endpoints of managed identity and of a cloud's metadata, as far as openapi/entra.json describes
 * them. The app is to match paths without case and with a slash at the end.
 */
export async function entra (app: FastifyInstance, { contract, services }: EntraOptions): Promise<void> {
  const arcKeys = new ArcKeys({ newId: services.newId, directory: services.arcKeyDirectory })
  const handlers = createHandlers(services, arcKeys) as unknown as Readonly<Record<string, AnyHandler>>
  acceptForms(app)
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers(HEADERS)
    done()
  })
  app.addHook('onClose', () => arcKeys.close())
  app.setErrorHandler((failure: EntraError, request, reply) => answerFailure(failure, request, reply, services))
  registerOperations(app, contract, ({ operation }) => ({
    config: { errorForm: operation['x-azrun-form'] },
    handler: (request, reply) => handlers[operation.operationId]!(request, reply)
  }))
  refuseOtherMethods(app, contract.document)
}

/** Else another surface would answer that there is no such path. */
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
