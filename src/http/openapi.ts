import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifySchemaValidationError } from 'fastify'

type Json = Record<string, unknown>

/** What a surface needs of its document to serve it. */
export interface ServedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>
    readonly parameters: Readonly<Record<string, OpenApiParameter>>
  }
}

export interface OpenApiDocument extends ServedDocument, Json {
  readonly info: { readonly title: string, readonly description: string }
}

export interface OpenApiOperation extends Json {
  readonly operationId: string
  readonly parameters?: readonly (OpenApiParameter | { readonly $ref: string })[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: Readonly<Record<string, { readonly schema: { readonly $ref: string } }>>
  }
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

/** Whether a value is what the contract describes; afterwards `errors` has what it is not. */
export interface Validator {
  (value: unknown): boolean
  errors?: FastifySchemaValidationError[] | null
}

/** A route with the checks of its body, which the surface calls, and of its constrained path parameters. */
export interface CheckedRoute extends OpenApiRoute {
  readonly checks: { readonly body?: Validator, readonly params?: Validator }
}

/** A document whose operations are served. */
export interface ApiContract {
  readonly document: ServedDocument
  readonly routes: readonly CheckedRoute[]
}

/** `validators` are those compiled from the document, by operation and part (`Operations_Get_params`). */
export function contractOf (document: ServedDocument,
  validators: Readonly<Record<string, Validator>> = {}): ApiContract {
  const checksOf = ({ operationId }: OpenApiOperation) =>
    ({ body: validators[`${operationId}_body`], params: validators[`${operationId}_params`] })
  const routes = routesOf(document)
    .map(({ path, method, operation }) => ({ path, method, operation, checks: checksOf(operation) }))
  return { document, routes }
}

/** Reads a document of the openapi/ folder, the same from src/ and from dist/. */
export function readDocument (name: string): OpenApiDocument {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi', name), 'utf8'))
}

/** The operations of a document, in its order. */
export function routesOf (document: ServedDocument): OpenApiRoute[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })))
}

/** The parameters of an operation, of all places; references are followed. */
export function parametersOf ({ components }: ServedDocument,
  { parameters = [] }: OpenApiOperation): OpenApiParameter[] {
  return parameters.map(each => '$ref' in each ? components.parameters[each.$ref.split('/').at(-1)!]! : each)
}

/** The media types of an operation's success. */
export function mediaTypesOf ({ responses }: OpenApiOperation): string[] {
  return Object.keys(responses[200]?.content ?? {})
}
