import type { ErrorObject } from 'ajv'

export { readSchema, type JsonSchema } from './read-schema.js'

/** A validator that ajv compiled from a schema of openapi/. validators.ts has one for each. */
export interface Validator {
  (value: unknown): boolean
  errors?: readonly ErrorObject[] | null
}

/** All errors of a value, as ajv reports them. */
export function errorsOf (validate: Validator, value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : validate.errors!
}
