import type { JsonSchema } from './json-schema.js'

const TYPES: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  string: 'text',
  array: 'a list',
  object: 'an object'
}

/** The rule of a schema in words: `must be a whole number from 0 to 65535`. */
export function ruleOf ({ errorMessage, enum: values, type, minimum, maximum }: JsonSchema): string {
  if (errorMessage !== undefined) return errorMessage
  if (values !== undefined) return `must be one of ${values.join(', ')}`
  // Every integer in our schemas has both limits.
  return type === 'integer' ? `must be a whole number from ${minimum} to ${maximum}` : `must be ${TYPES[type!]}`
}
