import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifySchemaValidationError } from 'fastify'

type Json = Record<string, unknown>

/** The parts of an OpenAPI document that serving it needs. */
export interface ServedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>
    readonly parameters: Readonly<Record<string, OpenApiParameter>>
  }
}

/** A whole document, as it is in openapi/. */
export interface OpenApiDocument extends ServedDocument, Json {
  readonly info: { readonly title: string, readonly description: string }
}

/** The parts of an operation that serving and showing it need. */
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
  /** The surface checks this parameter itself, before the body is read. */
  readonly 'x-azrun-gate'?: boolean
}

/** An operation with its path and its method. */
export interface OpenApiRoute {
  readonly path: string
  readonly method: string
  readonly operation: OpenApiOperation
}

/** Returns whether a value conforms to the contract, and sets `errors`. */
export interface Validator {
  (value: unknown): boolean
  errors?: FastifySchemaValidationError[] | null
}

/** A route with the validators of its body and of its constrained path parameters. The surface calls them. */
export interface CheckedRoute extends OpenApiRoute {
  readonly checks: { readonly body?: Validator, readonly params?: Validator }
}

/** A document with its routes and their validators. */
export interface ApiContract {
  readonly document: ServedDocument
  readonly routes: readonly CheckedRoute[]
}

/** `validators` were compiled from the document. Their names are like `Operations_Get_params`. */
export function contractOf (document: ServedDocument,
  validators: Readonly<Record<string, Validator>> = {}): ApiContract {
  const checksOf = ({ operationId }: OpenApiOperation) =>
    ({ body: validators[`${operationId}_body`], params: validators[`${operationId}_params`] })
  const routes = routesOf(document)
    .map(({ path, method, operation }) => ({ path, method, operation, checks: checksOf(operation) }))
  return { document, routes }
}

/** Reads a document from openapi/. The path is the same from src/ and from dist/. */
export function readDocument (name: string): OpenApiDocument {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi', name), 'utf8'))
}

/** The routes of a document, in its order. */
export function routesOf (document: ServedDocument): OpenApiRoute[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })))
}

/** All parameters of an operation, with references resolved. */
export function parametersOf ({ components }: ServedDocument,
  { parameters = [] }: OpenApiOperation): OpenApiParameter[] {
  return parameters.map(parameter => '$ref' in parameter ? components.parameters[parameter.$ref.split('/').at(-1)!]! : parameter)
}

/** The media types of an operation's successful responses. */
export function mediaTypesOf ({ responses }: OpenApiOperation): string[] {
  return Object.keys(responses[200]?.content ?? {})
}
