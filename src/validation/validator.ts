import type { ErrorObject } from 'ajv'

/** A function that ajv has compiled from a schema of openapi/. Files named validators.ts have them. */
export interface Validator {
  (value: unknown): boolean
  errors?: readonly ErrorObject[] | null
}

/** All errors of a value, as ajv reports them. */
export function errorsOf (validate: Validator, value: unknown): readonly ErrorObject[] {
  return validate(value) ? [] : validate.errors!
}
