import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifyInstance, RouteOptions } from 'fastify'

type Json = Record<string, unknown>

export interface OpenApiDocument extends Json {
  readonly info: { readonly title: string, readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>
    readonly parameters: Readonly<Record<string, OpenApiParameter>>
  }
}

export interface OpenApiOperation extends Json {
  readonly operationId: string
  readonly parameters?: readonly (OpenApiParameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}

interface OpenApiParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema: Json
  /** The surface checks it before the body is read, with errors of its own. */
  readonly 'x-azrun-gate'?: boolean
}

export interface OpenApiRoute {
  readonly path: string
  readonly method: string
  readonly operation: OpenApiOperation
}

/** A route with the compiled checks of its body, which the surface calls, and of its constrained path parameters. */
export interface CheckedRoute extends OpenApiRoute {
  readonly checks: { readonly body?: ValidateFunction, readonly params?: ValidateFunction }
}

/** A document whose operations are served. */
export interface ApiContract {
  readonly document: OpenApiDocument
  readonly routes: readonly CheckedRoute[]
}

/** Ajv does not validate our schemas: that would take most of the time at startup, and the tests do it. */
const TRUSTED = { meta: false, validateSchema: false } as const

const contracts = new Map<string, ApiContract>()

/**
 * The contract in a file of openapi/. It is read and compiled once per process, however many emulators a test suite
 * starts. It does not change.
 */
export function readContract (name: string): ApiContract {
  let contract = contracts.get(name)
  if (contract === undefined) {
    const document = readDocument(name)
    contract = { document, routes: checkedRoutes(document) }
    contracts.set(name, contract)
  }
  return contract
}

/** Reads a document of the openapi/ folder, the same from src/ and from dist/. */
export function readDocument (name: string): OpenApiDocument {
  return JSON.parse(readFileSync(new URL(`../../openapi/${name}`, import.meta.url), 'utf8'))
}

/** The operations of a document, in its order. */
export function routesOf (document: OpenApiDocument): OpenApiRoute[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })))
}

declare module 'fastify' {
  interface FastifyContextConfig {
    operationId?: string
  }
}

/** Adds a route for each operation of the contract. All the work is done here, none per request. */
export function registerOperations (app: FastifyInstance, { routes }: ApiContract,
  handlerOf: (route: CheckedRoute) => Pick<RouteOptions, 'handler' | 'preValidation'> & { config: object }): void {
  for (const route of routes) {
    const { path, method, checks: { params }, operation: { operationId } } = route
    const { config, ...handlers } = handlerOf(route)
    app.route({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      // Fastify calls the compiler for the schema; ours is compiled already.
      ...params !== undefined && { schema: { params }, validatorCompiler: () => params },
      ...handlers,
      config: { operationId, ...config }
    })
  }
}

/** The media types of an operation's success. */
export function mediaTypesOf ({ responses }: OpenApiOperation): string[] {
  return Object.keys(responses[200]?.content ?? {})
}

/** The methods that the document has for the path of a request; empty if it does not have that path. */
export function methodsOf (document: OpenApiDocument, path: string): string[] {
  return routesOf(document).filter(route => {
    const pattern = route.path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')
    return new RegExp(`^${pattern}/?$`, 'i').test(path)
  }).map(({ method }) => method)
}

function checkedRoutes (document: OpenApiDocument): CheckedRoute[] {
  const ajv = new Ajv(TRUSTED).addVocabulary(['components'])
  ajv.addSchema({ components: document.components }, DOCUMENT)
  return routesOf(document).map(route => ({ ...route, checks: checksOf(document, route.operation, ajv) }))
}

function checksOf (document: OpenApiDocument, operation: OpenApiOperation, ajv: Ajv): CheckedRoute['checks'] {
  const parameters = (operation.parameters ?? []).map(each =>
    '$ref' in each ? document.components.parameters[nameOf(each.$ref)]! : each)
  const constrained = parameters.filter(each => each.in === 'path' && 'pattern' in each.schema && !each['x-azrun-gate'])
  const properties = Object.fromEntries(constrained.map(({ name, schema }) => [name, schema]))
  // The surface reads forms itself: their values are all text.
  const json = operation.requestBody?.content['application/json']
  return {
    ...json && { body: ajv.compile({ $ref: `${DOCUMENT}${json.schema.$ref}` }) },
    ...constrained.length > 0 && { params: ajv.compile({ type: 'object', properties }) }
  }
}

/** The name by which ajv finds the document's components. */
const DOCUMENT = 'openapi'

function nameOf (ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}
