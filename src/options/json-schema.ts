import { readFileSync } from 'node:fs'
import { Ajv, type AnySchemaObject, type ErrorObject } from 'ajv'
import { UsageError } from '../core/usage-error.js'

/** Characters of a wrong value that a message shows. */
const MAX_VALUE_LENGTH = 100

/** Ajv does not validate our schemas: that would take most of the time at startup, and the tests do it. */
const TRUSTED = { meta: false, validateSchema: false } as const

export interface JsonSchema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

/** Reads a schema from openapi/. The path is the same from src/ and from dist/. */
export function readSchema (name: string): JsonSchema {
  return JSON.parse(readFileSync(new URL(`../../openapi/${name}`, import.meta.url), 'utf8'))
}

/**
 * Returns a check that throws a `UsageError` for a rule that the value breaks. `nameOf` turns a path in the value
 * (`/virtualMachines/0/name`) into the user's name for it.
 */
export function compileSchema (schema: JsonSchema): (value: unknown, nameOf: (path: string) => string) => void {
  const validate = new Ajv({ ...TRUSTED, verbose: true }).compile(schema)
  return (value, nameOf) => {
    if (validate(value)) return
    const error = worst(validate.errors!)
    throw new UsageError(`${nameOf(placeOf(error))} ${ruleOf(error)}${valueOf(error, value)}`)
  }
}

/** The deepest error. For a oneOf ajv also reports why each form fails; the oneOf itself tells the user more. */
function worst (errors: readonly ErrorObject[]): ErrorObject {
  return errors.reduce((deepest, error) => depth(error) > depth(deepest) ? error : deepest)
}

function depth ({ instancePath, schemaPath }: ErrorObject): number {
  return instancePath.split('/').length - (schemaPath.includes('/oneOf/') ? 0.5 : 0)
}

function placeOf ({ instancePath, params }: ErrorObject): string {
  return params['additionalProperty'] === undefined ? instancePath : `${instancePath}/${params['additionalProperty']}`
}

function ruleOf ({ keyword, params, message, parentSchema }: ErrorObject): string {
  switch (keyword) {
    case 'additionalProperties': return `is not a known property; expected one of ${membersOf(parentSchema).join(', ')}`
    case 'type': return `must be ${TYPES[params['type']] ?? params['type']}`
    case 'minimum': return `must be at least ${params['limit']}`
    case 'maximum': return `must be at most ${params['limit']}`
    case 'minLength': return 'must not be empty'
    case 'required': return `must have '${params['missingProperty']}'`
    case 'enum': return `must be one of ${(params['allowedValues'] as string[]).join(', ')}`
    case 'oneOf': return "must have either 'result' or 'error'"
    case 'pattern': return `must be ${asPhrase(parentSchema?.description)}, matching ${params['pattern']}`
    default: return message ?? `breaks the rule '${keyword}'`
  }
}

const TYPES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  boolean: 'true or false',
  string: 'text',
  array: 'a list',
  object: 'an object'
}

function membersOf (schema?: AnySchemaObject): string[] {
  return Object.keys(schema?.['properties'] ?? {}).filter(name => name !== '$schema')
}

/** A description as part of a sentence: `A GUID.` becomes `a GUID`. */
function asPhrase (description = 'text'): string {
  return `${description.charAt(0).toLowerCase()}${description.slice(1)}`.replace(/\.$/, '')
}

function valueOf ({ keyword, instancePath }: ErrorObject, value: unknown): string {
  if (keyword === 'additionalProperties' || keyword === 'required' || keyword === 'oneOf') return ''
  const found = instancePath.split('/').slice(1).reduce<unknown>(
    (at, segment) => (at as Record<string, unknown>)[segment.replaceAll('~1', '/').replaceAll('~0', '~')], value)
  const text = JSON.stringify(found)
  return `, not ${text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}...` : text}`
}
