import { parametersOf, type ServedDocument, type OpenApiOperation } from '../../http/openapi.js'

/** A query parameter of the contract. */
export interface QueryParameter {
  readonly name: string
  /** Its values, if the contract lists them. */
  readonly values?: readonly string[] | undefined
  /** Whether it can have several of its values, separated by commas. Azure ignores others then (inferred). */
  readonly isList?: boolean
  /** Undefined if any text is valid. */
  readonly rule?: QueryRule | undefined
}

export interface QueryRule {
  /** The rule for a message, such as `must be true or false`. */
  readonly words: string
  /** The greatest number that is valid, if there is one. */
  readonly most?: number
  /** Inferred: case does not matter, because clients send instanceview. */
  allows (value: string): boolean
}

interface Schema {
  readonly type: string
  /** Of a list. */
  readonly items?: { readonly enum: readonly string[] }
  readonly minimum?: number
  readonly maximum?: number
}

const INTEGER: QueryRule = { words: 'must be a whole number', allows: value => /^-?\d{1,10}$/.test(value) }
const SWITCH = ruleOf(['true', 'false'])

/** The query parameters of an operation. */
export function queryParametersOf (document: ServedDocument, operation: OpenApiOperation): QueryParameter[] {
  return parametersOf(document, operation).filter(each => each.in === 'query').map(({ name, schema }) => {
    const values = schema['enum'] as readonly string[] | undefined
    // An empty value counts as missing.
    if (values !== undefined) return { name, values, rule: ruleOf(values, '') }
    const { type, items, minimum, maximum } = schema as unknown as Schema
    if (type === 'array') return { name, values: items!.enum, isList: true }
    if (minimum !== undefined && maximum !== undefined) return { name, rule: rangeOf(minimum, maximum) }
    return { name, rule: { integer: INTEGER, boolean: SWITCH }[type] }
  })
}

function rangeOf (least: number, most: number): QueryRule {
  return {
    words: `must be a whole number from ${least} to ${most}`,
    most,
    allows: value => INTEGER.allows(value) && Number(value) >= least && Number(value) <= most
  }
}

function ruleOf (values: readonly string[], ...besides: readonly string[]): QueryRule {
  const known = new Set([...values, ...besides].map(value => value.toLowerCase()))
  return { words: `must be ${values.join(' or ')}`, allows: value => known.has(value.toLowerCase()) }
}
