import { Ajv, type ErrorObject } from 'ajv'
import type { JsonSchema } from './read-schema.js'

export { readSchema, type JsonSchema } from './read-schema.js'

/** Ajv does not validate our schemas: that would take most of the time at startup, and the tests do it. */
const TRUSTED = { meta: false, validateSchema: false } as const

/** Returns all rules that a value breaks, as ajv reports them. */
export type Validate = (value: unknown) => readonly ErrorObject[]

export function compileSchema (schema: JsonSchema): Validate {
  const ajv = new Ajv({ ...TRUSTED, allErrors: true })
  ajv.addVocabulary(['errorMessage'])
  const validate = ajv.compile(schema)
  return value => validate(value) ? [] : validate.errors!
}
