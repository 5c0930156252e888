import type { FastifyInstance } from 'fastify'
import type { ApiContract } from '../http/openapi.js'
import type { OwnPages } from '../http/own-pages.js'
import { AdminError } from './errors.js'
import type { Dispatch, Services } from './handler-types.js'
import { requireToken } from './token.js'

export interface ApiOptions {
  readonly contract: ApiContract
  readonly services: Services
  readonly ownPages: OwnPages
  /** What each request must have; undefined if it needs nothing. */
  readonly adminToken?: string
}

/** The deepest nesting of a body: what is written again, such as a scenario, must not exhaust the stack. */
const MAX_DEPTH = 64

/**
 * The operations of openapi/admin.json. Their handlers and validators are loaded on the first request for one, not at
 * every start.
 */
export async function api (app: FastifyInstance, options: ApiOptions): Promise<void> {
  const { contract, services, ownPages, adminToken } = options
  let loaded: Promise<Dispatch> | undefined
  const load = async () => {
    const [{ createDispatch }] = await Promise.all([import('./dispatch.js'), services.conformance.load()])
    return createDispatch(contract.document, services)
  }
  if (adminToken !== undefined) requireToken(app, adminToken, ownPages)
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
      const body: unknown = JSON.parse(text)
      if (isDeeper(body, MAX_DEPTH)) done(wrongBody(`must be nested at most ${MAX_DEPTH} levels deep`))
      else done(null, body)
    } catch (error) {
      done(wrongBody(`must be JSON: ${(error as Error).message}`))
    }
  })
}

function wrongBody (predicate: string): AdminError {
  return new AdminError(400, `'body' ${predicate}`, { target: 'body' })
}

/** Whether lists and objects are nested deeper than so many levels. */
function isDeeper (value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some(each => isDeeper(each, levels - 1))
}

function urlOf (path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}
