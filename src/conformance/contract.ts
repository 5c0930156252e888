import { bodyTypeOf, type ObjectType } from '../arm/json/body-type.js'
import { queryParametersOf, type QueryParameter } from '../arm/parameters/query-parameters.js'
import { repairUrl } from '../arm/repair-url.js'
import type { ApiVersionScope } from '../arm/responses/form.js'
import { parametersOf, routesOf, type OpenApiDocument, type OpenApiOperation, type OpenApiRoute } from '../http/openapi.js'
import type { JournalEntry } from '../journal/entry.js'
import { targetOf } from '../journal/message.js'

/** The parts of a request that are checked. */
export type SentRequest = Pick<JournalEntry, 'operation' | 'method' | 'url' | 'request'>

/** The parts of a journal entry that are checked. */
export type Exchange = SentRequest & Pick<JournalEntry, 'status' | 'response'>

/** An operation of openapi/arm.json in the form that the checks read. */
export interface ContractOperation {
  readonly id: string
  readonly method: string
  /** Matches a whole path. Its groups are the path parameters, in order. */
  readonly path: RegExp
  readonly pathParameters: readonly PathParameter[]
  readonly queryParameters: readonly QueryParameter[]
  readonly scope: ApiVersionScope
  /** The right that it needs. */
  readonly action: string | undefined
  /** The methods that Azure has for this path, and azrun does not. */
  readonly notServed: readonly string[]
  /** Undefined if the operation has no body. */
  readonly bodyType?: ObjectType
  readonly isBodyRequired: boolean
  readonly responses: Readonly<Record<string, ContractResponse>>
}

/** The rules for a value in a path. */
export interface PathParameter {
  readonly name: string
  readonly pattern: RegExp | undefined
  readonly maxLength: number | undefined
}

/** What a response with one status must have. */
export interface ContractResponse {
  readonly headers: readonly ContractHeader[]
  /** The names of the schemas that the body may have, by media type; empty if there is no body. */
  readonly content: Readonly<Record<string, readonly string[]>>
}

interface ContractHeader {
  readonly name: string
  readonly isRequired: boolean
  readonly pattern?: RegExp
}

interface Schema {
  readonly $ref?: string
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly maxLength?: number
}

interface Response {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean, readonly schema: Schema }>>
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

/** The beginning of every path of Resource Manager. */
const OF_RESOURCE_MANAGER = /^\/(?:subscriptions|tenants|providers)(?:\/|$)/i

/** The operations of openapi/arm.json. */
export class Contract {
  readonly #operations: readonly ContractOperation[]
  readonly #notServed: readonly RegExp[]
  /** The response to a request that is for no operation. */
  readonly error: ContractResponse

  constructor (document: OpenApiDocument) {
    this.#operations = routesOf(document).map(route => operationOf(document, route))
    this.#notServed = (document['x-azrun-not-served'] as readonly string[] | undefined ?? []).map(notServedAt)
    this.error = responseOf(document, { $ref: '#/components/responses/CloudError' })
  }

  /** Whether a request is for Resource Manager, not for login or the metadata service. */
  covers (request: SentRequest): boolean {
    return this.find(request) !== undefined ||
      (request.operation === undefined && OF_RESOURCE_MANAGER.test(pathOf(request.url)))
  }

  /** The operation of a request; undefined if there is none. */
  find ({ operation, method, url }: SentRequest): ContractOperation | undefined {
    if (operation !== undefined) return this.#operations.find(({ id }) => id === operation)
    const path = pathOf(url)
    return this.#operations.find(operation => operation.method === method && operation.path.test(path))
  }

  /** The methods of all operations with this path. */
  methodsAt (url: string): string[] {
    return this.#at(url).map(({ method }) => method)
  }

  /** Whether Azure has this method for a URL's path, although azrun does not. */
  isNotServed ({ method, url }: SentRequest): boolean {
    return this.#at(url).some(({ notServed }) => notServed.includes(method))
  }

  /** Whether Azure has a URL's path, although azrun has no operation there. */
  isPathNotServed (url: string): boolean {
    const path = pathOf(url)
    return this.#notServed.some(pattern => pattern.test(path))
  }

  #at (url: string): ContractOperation[] {
    const path = pathOf(url)
    return this.#operations.filter(operation => operation.path.test(path))
  }
}

/** The URL's path, with its escapes. */
export function pathOf (url: string): string {
  return repairUrl(targetOf(url)).replace(/[?#].*$/s, '')
}

/** The URL's query, without its question mark. */
export function queryOf (url: string): string {
  return /\?([^#]*)/.exec(repairUrl(targetOf(url)))?.[1] ?? ''
}

function operationOf (document: OpenApiDocument, { path, method, operation }: OpenApiRoute): ContractOperation {
  const pattern = patternOf(path)
  return {
    id: operation.operationId,
    method,
    path: new RegExp(`^${pattern}/?$`, 'i'),
    pathParameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => pathParameterOf(document, operation, name!)),
    queryParameters: queryParametersOf(document, operation),
    scope: operation['x-azrun-plane'] as ApiVersionScope,
    action: operation['x-azrun-action'] as string | undefined,
    notServed: operation['x-azrun-not-served'] as string[] | undefined ?? [],
    ...operation.requestBody !== undefined && { bodyType: bodyTypeOf(document, operation) },
    isBodyRequired: operation.requestBody?.required === true,
    responses: Object.fromEntries(Object.entries(operation.responses)
      .map(([status, response]) => [status, responseOf(document, response as Response)]))
  }
}

/** A path with everything below it. One that begins with `/providers/` can be at any scope. */
function notServedAt (path: string): RegExp {
  const scope = path.startsWith('/providers/') ? '(?:/.*)?' : ''
  return new RegExp(`^${scope}${patternOf(path)}(?:/.*)?$`, 'i')
}

/** The source of a pattern with a group for each parameter. */
function patternOf (path: string): string {
  return path.replaceAll(/\{\w+\}/g, '([^/]*)').replaceAll('.', '\\.')
}

function pathParameterOf (document: OpenApiDocument, operation: OpenApiOperation, name: string): PathParameter {
  const { schema } = parametersOf(document, operation).find(parameter => parameter.in === 'path' && parameter.name === name)!
  const { pattern, maxLength } = schema as Schema
  return { name, pattern: pattern === undefined ? undefined : new RegExp(pattern, 'u'), maxLength }
}

function responseOf (document: OpenApiDocument, response: Response & { readonly $ref?: string }): ContractResponse {
  const { headers = {}, content = {} } = response.$ref === undefined
    ? response
    : (document.components as unknown as { responses: Record<string, Response> }).responses[nameIn(response.$ref)]!
  return {
    headers: Object.entries(headers).map(([name, { required = false, schema: { pattern } }]) =>
      ({ name, isRequired: required, ...pattern !== undefined && { pattern: new RegExp(pattern) } })),
    content: Object.fromEntries(Object.entries(content)
      .map(([mediaType, { schema }]) => [mediaType, (schema.anyOf ?? [schema]).map(({ $ref }) => nameIn($ref!))]))
  }
}

function nameIn (reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}
