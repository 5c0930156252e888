import type { OpenApiDocument, OpenApiRoute } from '../../http/openapi.js'
import type { Schema } from './schema.js'

/** An operation with its parameters, body, responses and examples, with references resolved. */
export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly path: string
  readonly method: string
  readonly needsToken: boolean
  readonly parameters: readonly Parameter[]
  readonly body?: { readonly description?: string, readonly content: Media }
  readonly responses: Readonly<Record<string, Response>>
}

/** A parameter of an operation, with an example. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly example?: string
  readonly schema: Schema
}

/** A response that an operation may have. */
export interface Response {
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly description?: string, readonly example?: string }>>
  readonly content?: Media
}

/** The forms of a body, by media type. */
export type Media = Readonly<Record<string, { readonly schema: Schema, readonly examples?: Examples }>>
export type Examples = Readonly<Record<string, { readonly summary?: string, readonly value: unknown }>>

/** What the page shows of an operation. `values` are examples for parameters by name, which replace the document's. */
export function operationOf (document: OpenApiDocument, { path, method, operation }: OpenApiRoute,
  values: Readonly<Record<string, string>>): Operation {
  const { parameters = [], requestBody, responses, security = document['security'], ...rest } = operation
  const follow = <T>(node: unknown) => target(document, node as { $ref?: string }) as T
  return {
    ...rest as Pick<Operation, 'operationId' | 'tags' | 'summary' | 'description'>,
    path,
    method,
    needsToken: (security as readonly object[]).length > 0,
    parameters: parameters.map(each => follow<Parameter>(each))
      .map(each => ({ ...each, example: values[each.name] ?? each.example })),
    // Follows the schema too, because the page shows its members in place.
    body: requestBody && {
      ...requestBody,
      content: mapValues(requestBody.content as Media, media => ({ ...media, schema: follow<Schema>(media.schema) }))
    },
    responses: mapValues(responses, each => follow<Response>(each))
  }
}

/** Follows a reference; returns anything else as it is. */
function target (document: OpenApiDocument, node: { readonly $ref?: string }): unknown {
  return node.$ref === undefined ? node : node.$ref.split('/').slice(1).reduce((at: any, key) => at[key], document)
}

function mapValues<Value, Result> (record: Readonly<Record<string, Value>>,
  map: (value: Value) => Result): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}

/** Shows a form as lines of name=value, and everything else as JSON. */
export function exampleText (type: string, value: unknown): string {
  if (type !== 'application/x-www-form-urlencoded') return JSON.stringify(value, null, 2)
  return Object.entries(value as object).map(([name, each]) => `${name}=${each}`).join('\n')
}
