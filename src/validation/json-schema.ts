import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The parts of a schema in openapi/ that azrun reads. */
export interface JsonSchema {
  readonly type?: string
  readonly title?: string
  readonly description?: string
  /** What a value must be, for people. Visual Studio Code shows it too. */
  readonly errorMessage?: string
  readonly default?: unknown
  /** Whether the value is a secret, which no message may show. */
  readonly writeOnly?: boolean
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly oneOf?: readonly { readonly required: readonly string[] }[]
}

/** Reads a schema from openapi/. The path is the same from src/ and from dist/. */
export function readSchema (name: string): JsonSchema {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi', name), 'utf8'))
}
