import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'
import { UsageError } from './usage-error.js'

export interface JsonSchema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

/** Reads a schema of the openapi/ folder, the same from src/ and from dist/. */
export function readSchema (name: string): JsonSchema {
  return JSON.parse(readFileSync(new URL(`../openapi/${name}`, import.meta.url), 'utf8'))
}

/**
 * A check that throws a `UsageError` for the first rule that a value breaks. `nameOf` says where a place in the value
 * (`/virtualMachines/0/name`) comes from, in the user's terms.
 */
export function compileSchema (schema: JsonSchema): (value: unknown, nameOf: (path: string) => string) => void {
  const validate = new Ajv().compile(schema)
  return (value, nameOf) => {
    if (validate(value)) return
    const error = worst(validate.errors!)
    throw new UsageError(`${nameOf(placeOf(error))} ${ruleOf(error)}${valueOf(error, value)}`)
  }
}

/** Where there is a choice between forms, ajv tells why each fails: that it is a choice tells the user more. */
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
    case 'additionalProperties': return 'is not known'
    case 'required': return `must have '${params['missingProperty']}'`
    case 'enum': return `must be one of ${(params['allowedValues'] as string[]).join(', ')}`
    case 'oneOf': return "must have either 'result' or 'error'"
    case 'pattern': return `must match ${params['pattern']}`
    default: return message ?? `breaks the rule '${keyword}' of ${parentSchema?.title ?? 'its schema'}`
  }
}

function valueOf ({ keyword, instancePath }: ErrorObject, value: unknown): string {
  if (keyword === 'additionalProperties' || keyword === 'required' || keyword === 'oneOf') return ''
  const found = instancePath.split('/').slice(1).reduce<unknown>(
    (at, segment) => (at as Record<string, unknown>)[segment.replaceAll('~1', '/').replaceAll('~0', '~')], value)
  return `, not ${JSON.stringify(found)}`
}
