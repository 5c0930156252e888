import type { ErrorObject } from 'ajv'

export { readSchema, type JsonSchema } from './read-schema.js'

/** What ajv compiled from a schema of openapi/: validators.ts has one for each. */
export interface Validator {
  (value: unknown): boolean
  errors?: readonly ErrorObject[] | null
}

/** All rules that a value breaks, as ajv reports them. */
export function errorsOf (validate: Validator, value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : validate.errors!
}
