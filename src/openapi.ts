import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifyInstance, RouteHandlerMethod } from 'fastify'
import { TRUSTED } from './schema.js'

type Json = Record<string, unknown>

export interface OpenApiDocument extends Json {
  readonly info: { readonly title: string }
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
}

interface OpenApiParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema: Json
}

export interface OpenApiRoute {
  readonly path: string
  readonly method: string
  readonly operation: OpenApiOperation
}

/** A route with the checks of what is sent to it, as far as its operation says more than that it is text. */
interface CheckedRoute extends OpenApiRoute {
  readonly checks: { readonly body?: ValidateFunction, readonly params?: ValidateFunction }
}

/** A document that is served. */
export interface Contract {
  readonly document: OpenApiDocument
  readonly routes: readonly CheckedRoute[]
}

const contracts = new Map<string, Contract>()

/**
 * The contract in a file of the openapi/ folder. It is read and compiled once in a process, however many emulators a
 * test suite starts, and nothing of it changes.
 */
export function readContract (name: string): Contract {
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
  return JSON.parse(readFileSync(new URL(`../openapi/${name}`, import.meta.url), 'utf8'))
}

/** The operations of a document, in its order. */
export function routesOf (document: OpenApiDocument): OpenApiRoute[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })))
}

/** Adds a route for each operation of the contract. All the work is done here, none by request. */
export function registerOperations (app: FastifyInstance, { routes }: Contract,
  handlerOf: (route: OpenApiRoute) => { handler: RouteHandlerMethod, config: object }): void {
  for (const route of routes) {
    const { path, method, checks } = route
    app.route({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      // Fastify asks for a check where there is a schema; ours are compiled already.
      schema: checks,
      validatorCompiler: ({ httpPart }) => checks[httpPart as keyof typeof checks]!,
      ...handlerOf(route)
    })
  }
}

/** The methods that the document offers for a path of a request; empty where the path is none of its. */
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
  const constrained = parameters.filter(each => each.in === 'path' && 'pattern' in each.schema)
  const properties = Object.fromEntries(constrained.map(({ name, schema }) => [name, schema]))
  // A form is for the surface to read: its values are all text.
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
