import { readFileSync } from 'node:fs'
import type { FastifyInstance, FastifySchema, RouteHandlerMethod } from 'fastify'

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
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> }
}

interface OpenApiParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly schema: Json
}

/** Reads a document of the openapi/ folder, the same from src/ and from dist/. */
export function readDocument (name: string): OpenApiDocument {
  return JSON.parse(readFileSync(new URL(`../openapi/${name}`, import.meta.url), 'utf8'))
}

export interface OpenApiRoute {
  readonly path: string
  readonly method: string
  readonly operation: OpenApiOperation
}

/** The operations of a document, in its order. */
export function routesOf (document: OpenApiDocument): OpenApiRoute[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })))
}

/** Adds a route with its validators for each operation of the document. All the work is done here, none by request. */
export function registerOperations (app: FastifyInstance, document: OpenApiDocument,
  handlerOf: (route: OpenApiRoute) => { handler: RouteHandlerMethod, config: object }): void {
  const routes = routesOf(document)
  for (const name of reachable(document, routes.map(({ operation }) => operation.requestBody ?? {}))) {
    app.addSchema({ ...withLocalRefs(document.components.schemas[name]!), $id: name })
  }
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
      schema: schemaOf(document, route.operation),
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

function schemaOf (document: OpenApiDocument, operation: OpenApiOperation): FastifySchema {
  const parameters = (operation.parameters ?? []).map(each =>
    '$ref' in each ? document.components.parameters[nameOf(each.$ref)]! : each)
  // A form is for the surface to read: its values are all text.
  const json = operation.requestBody?.content['application/json']
  return {
    ...json && { body: withLocalRefs(json.schema) },
    ...pathConstraints(parameters.filter(each => each.in === 'path'))
  }
}

/** A schema for the path parameters that say more than that they are text, which each of them is. */
function pathConstraints (parameters: OpenApiParameter[]): FastifySchema {
  const constrained = parameters.filter(({ schema }) => 'pattern' in schema)
  if (constrained.length === 0) return {}
  return { params: { type: 'object', properties: Object.fromEntries(constrained.map(({ name, schema }) => [name, schema])) } }
}

/** The names of the schemas that a part of the document leads to. */
function reachable (document: OpenApiDocument, from: unknown, found = new Set<string>()): Set<string> {
  for (const [, name] of JSON.stringify(from).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (found.has(name!)) continue
    found.add(name!)
    reachable(document, document.components.schemas[name!], found)
  }
  return found
}

/** `#/components/schemas/X` as ajv finds it once X is added by its name: `X#`. */
function withLocalRefs (schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll(/"#\/components\/schemas\/(\w+)"/g, '"$1#"'))
}

function nameOf (ref: string): string {
  return ref.slice(ref.lastIndexOf('/') + 1)
}
