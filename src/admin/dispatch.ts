import { parametersOf, type OpenApiDocument, type OpenApiOperation } from '../http/openapi.js'
import { mistakesOf } from '../validation/mistakes.js'
import { suggestion } from '../validation/nearest.js'
import { errorsOf, type Validator } from '../validation/validator.js'
import { wholeNumberIn } from '../validation/whole-number.js'
import { AdminError } from './errors.js'
import type { AdminRequest, AnyHandler, Dispatch, OperationId, Services } from './handler-types.js'
import { createHandlers } from './handlers/index.js'
import { refuse } from './refusal.js'
import * as compiled from './validators.js'

/** The most of ajv's errors to report: a long body may have a million. One mistake has a few dozen at most. */
const MAX_ERRORS = 1000

const validators: Readonly<Record<string, Validator>> = compiled

/** Returns a function that checks a request for an operation, calls its handler and sends the response. */
export function createDispatch (document: OpenApiDocument, services: Services): Dispatch {
  const handlers: Readonly<Record<string, AnyHandler>> = createHandlers(services)
  return async ({ operation, params }, request, reply) => {
    const { operationId } = operation
    const checked = {
      params: check(`${operationId}_params`, params),
      query: check(`${operationId}_query`, typedQuery(document, operation, request.query)),
      // A missing body counts as an empty one.
      body: check(`${operationId}_body`, request.body === undefined ? {} : request.body),
      raw: request
    }
    const { status, body, type, headers = {} } = await handlers[operationId]!(checked as AdminRequest<OperationId>)
    if (type !== undefined) reply.type(type)
    return await reply.headers(headers).code(status ?? (body === undefined ? 204 : 200)).send(body)
  }
}

function check (name: string, value: unknown): unknown {
  const validate = validators[name]
  if (validate === undefined) return value
  const errors = errorsOf(validate, value)
  refuse(mistakesOf(errors.slice(0, MAX_ERRORS), value), errors.length > MAX_ERRORS)
  return value
}

/** Converts numbers. A parameter that the operation does not have, or that is sent twice, is a mistake. */
function typedQuery (document: OpenApiDocument, operation: OpenApiOperation, query: unknown): object {
  const known = new Map(parametersOf(document, operation)
    .filter(each => each.in === 'query').map(each => [each.name, each.schema]))
  return Object.fromEntries(Object.entries(query as object).map(([name, value]) => {
    const schema = known.get(name)
    if (schema === undefined) throw unknownParameter(name, [...known.keys()])
    if (typeof value !== 'string') throw new AdminError(400, `'${name}' must be given once`, { target: name })
    return [name, valueOf(value, schema['type'])]
  }))
}

/** A text that does not have the type stays text, which the check refuses. */
function valueOf (text: string, type: unknown): string | number {
  if (type === 'integer') return wholeNumberIn(text) ?? text
  return type === 'number' && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text
}

function unknownParameter (name: string, known: readonly string[]): AdminError {
  const hint = known.length === 0 ? 'this operation has none' : suggestion(name, known)
  return new AdminError(400, `'${name}' is not a known query parameter; ${hint}`, { target: name })
}
