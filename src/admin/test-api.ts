import { routesOf, type OpenApiDocument, type OpenApiRoute } from '../http/openapi.js'
import { nearest } from '../validation/nearest.js'
import type { Endpoint, Endpoints } from './endpoints.js'
import type { Dispatch, Params, Services } from './handler-types.js'

/** A path of the document. */
interface Resource {
  /** In lower case, except parameters, which are as in the document: `{name}`. */
  readonly segments: readonly string[]
  /** As in the document. */
  readonly names: readonly string[]
  readonly routes: readonly OpenApiRoute[]
}

/**
 * The operations of openapi/admin.json. The first request that may be for an operation reads the document, and the
 * first that is for one loads handlers and validators: the start does without them.
 */
export class TestApi {
  readonly #readDocument: () => OpenApiDocument
  readonly #services: Services
  #resources?: readonly Resource[]
  #loaded?: Promise<Dispatch>

  constructor (readDocument: () => OpenApiDocument, services: Services) {
    this.#readDocument = readDocument
    this.#services = services
  }

  /** The operations of a path, by method; empty if the API has no such path. */
  at (path: readonly string[]): Endpoints {
    this.#resources ??= resourcesOf(this.#readDocument())
    const found = this.#resources.find(({ segments }) => matches(segments, path))
    return new Map(found?.routes.map(route => [route.method, this.#endpoint(route, paramsOf(found.segments, path))]))
  }

  /** The nearest path as a question after a semicolon; a colon if none is near. Parameters keep their values. */
  hint (path: readonly string[]): string {
    const known = (this.#resources ?? []).filter(({ names }) => names.length === path.length).map(({ names }) =>
      names.map((name, index) => isParameter(name) ? path[index]! : name).join('/'))
    const near = nearest(path.join('/'), known)
    return near === undefined ? ':' : `; did you mean '/_emulator/${near}'?`
  }

  #endpoint ({ operation }: OpenApiRoute, params: Params): Endpoint {
    return {
      operationId: operation.operationId,
      handle: async (request, reply) => {
        this.#loaded ??= this.#load()
        return await (await this.#loaded)({ operation, params }, request, reply)
      }
    }
  }

  async #load (): Promise<Dispatch> {
    const [{ createDispatch }] = await Promise.all([import('./dispatch.js'), this.#services.conformance.load()])
    return createDispatch(this.#readDocument(), this.#services)
  }
}

function resourcesOf (document: OpenApiDocument): Resource[] {
  const routes = routesOf(document)
  return Object.keys(document.paths).map(path => ({
    segments: path.split('/').slice(1).map(each => isParameter(each) ? each : each.toLowerCase()),
    names: path.split('/').slice(1),
    routes: routes.filter(route => route.path === path)
  }))
}

function matches (segments: readonly string[], path: readonly string[]): boolean {
  return segments.length === path.length &&
    segments.every((each, index) => isParameter(each) || each === path[index]!.toLowerCase())
}

function paramsOf (segments: readonly string[], path: readonly string[]): Params {
  const values = segments.map((each, index) => [each.slice(1, -1), path[index]!])
  return Object.fromEntries(values.filter((_, index) => isParameter(segments[index]!)))
}

function isParameter (segment: string): boolean {
  return segment.startsWith('{')
}
