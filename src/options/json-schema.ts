import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'

/** Ajv does not validate our schemas: that would take most of the time at startup, and the tests do it. */
const TRUSTED = { meta: false, validateSchema: false } as const

export interface JsonSchema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  /** What a value must be, for people; Visual Studio Code shows it, too. */
  readonly errorMessage?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly oneOf?: readonly { readonly required: readonly string[] }[]
}

/** Returns all rules that a value breaks, as ajv reports them. */
export type Validate = (value: unknown) => readonly ErrorObject[]

/** Reads a schema from openapi/. The path is the same from src/ and from dist/. */
export function readSchema (name: string): JsonSchema {
  return JSON.parse(readFileSync(new URL(`../../openapi/${name}`, import.meta.url), 'utf8'))
}

export function compileSchema (schema: JsonSchema): Validate {
  const ajv = new Ajv({ ...TRUSTED, allErrors: true })
  ajv.addVocabulary(['errorMessage'])
  const validate = ajv.compile(schema)
  return value => validate(value) ? [] : validate.errors!
}
