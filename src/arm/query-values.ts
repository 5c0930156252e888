import type { FastifyRequest } from 'fastify'
import { parametersOf, type OpenApiDocument, type OpenApiOperation } from '../http/openapi.js'
import type { Query } from '../http/query.js'
import { ArmError } from './errors.js'

/** What a query parameter may be that is not any text. */
export interface QueryRule {
  readonly name: string
  /** As a message says it: `must be true or false`. */
  readonly words: string
  allows (value: string): boolean
}

const isInteger = (value: string) => /^-?\d{1,10}$/.test(value)

/** The rules of an operation's query parameters. That case does not matter is inferred: clients send instanceview. */
export function queryRulesOf (document: OpenApiDocument, operation: OpenApiOperation): QueryRule[] {
  return parametersOf(document, operation).filter(each => each.in === 'query').flatMap(({ name, schema }) => {
    if (schema['type'] === 'integer') return [{ name, words: 'must be a whole number', allows: isInteger }]
    const isSwitch = schema['type'] === 'boolean'
    const values = isSwitch ? ['true', 'false'] : schema['enum'] as readonly string[] | undefined
    if (values === undefined) return []
    // An empty name of a value counts as missing.
    const known = new Set([...values.map(value => value.toLowerCase()), ...isSwitch ? [] : ['']])
    const allows = (value: string) => known.has(value.toLowerCase())
    return [{ name, words: `must be ${values.join(' or ')}`, allows }]
  })
}

/** Throws for the first parameter that breaks its rule. The error is inferred. */
export function checkQueryValues ({ query }: FastifyRequest, rules: readonly QueryRule[]): void {
  for (const { name, words, allows } of rules) {
    const sent = (query as Readonly<Query>)[name]
    if (sent === undefined || allows(`${sent}`)) continue
    throw new ArmError('InvalidValue', { parameter: name, value: `${sent}`, rule: words })
  }
}
