import type { FastifyInstance } from 'fastify'
import type { ApiContract } from '../http/openapi.js'
import { AdminError } from './errors.js'
import type { Dispatch, Services } from './handler-types.js'

export interface ApiOptions {
  readonly contract: ApiContract
  readonly services: Services
}

/**
 * The operations of openapi/admin.json. Their handlers and validators are loaded on the first request for one, not at
 * every start.
 */
export async function api (app: FastifyInstance, { contract, services }: ApiOptions): Promise<void> {
  let loaded: Promise<Dispatch> | undefined
  const load = async () => {
    const [{ createDispatch }] = await Promise.all([import('./dispatch.js'), services.conformance.load()])
    return createDispatch(contract.document, services)
  }
  acceptAnyJson(app)
  for (const route of contract.routes) {
    const { path, method, operation: { operationId } } = route
    app.route({
      method,
      url: urlOf(path),
      config: { operationId },
      handler: async (request, reply) => await (await (loaded ??= load()))(route, request, reply)
    })
  }
}

/** A body is JSON whatever its media type: curl, for one, sends that of forms unless it is told otherwise. */
function acceptAnyJson (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<string>('*', { parseAs: 'string' }, (_request, text, done) => {
    if (text.trim() === '') return done(null, {})
    try {
      done(null, JSON.parse(text))
    } catch (error) {
      done(new AdminError(400, `the body must be JSON: ${(error as Error).message}`, { target: 'body' }))
    }
  })
}

function urlOf (path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}
