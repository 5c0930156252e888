import type { Layer } from '../responses/arm-response.js'
import { indented } from '../responses/json-text.js'
import type { ErrorEntry } from './entry.js'
import { errors, type ErrorName } from './table.js'

/** The placeholders in a text. JSON, such as `{"name":"value"}`, is not a placeholder. */
type Blanks<Text> = Text extends `${string}{${infer Blank}}${infer Rest}`
  ? (Blank extends `"${string}` ? never : Blank) | Blanks<Rest>
  : never
type BlanksOf<Name extends ErrorName> = Blanks<(typeof errors)[Name][keyof (typeof errors)[Name]]>
type Details<Name extends ErrorName> = [BlanksOf<Name>] extends [never]
  ? [values?: Record<string, never>, headers?: readonly string[]]
  : [values: Readonly<Record<BlanksOf<Name>, string | number>>, headers?: readonly string[]]

/** An error of the table, with its placeholders filled in and additional headers. */
export class ArmError<Name extends ErrorName = ErrorName> extends Error {
  readonly entry: ErrorEntry
  readonly status: number
  readonly code: string
  readonly target?: string
  readonly layer: Layer
  readonly close: boolean
  readonly headers: readonly string[]
  /** Errors that explain this one. Default: none. */
  details?: readonly object[]
  /** What the log adds to Azure's message. Default: nothing. */
  help?: string
  /** The cost of the refused request: `x-ms-request-charge`. Default: none. */
  charge?: number

  constructor (name: Name, ...[values = {}, headers = []]: Details<Name>) {
    const entry: ErrorEntry = errors[name]
    super(fill(entry.message, values))
    this.entry = entry
    this.status = entry.status
    this.code = fill(entry.code ?? name, values)
    if (entry.target !== undefined) this.target = fill(entry.target, values)
    this.layer = entry.layer
    this.close = entry.close ?? false
    this.headers = headers
  }
}

/** The content of an error response. */
export interface ErrorContent extends Pick<ErrorEntry, 'layer' | 'service' | 'target'> {
  readonly code: string
  readonly message: string
  readonly details?: readonly object[]
  readonly innererror?: object
}

/**
 * The body of an error: compact from the gateway, indented with CRLF from a service. Details come first in an error of
 * Compute (recorded: azcli_power_vm_spot); the place of `innererror` beside them is inferred.
 */
export function errorBody ({ code, message, target, details, innererror, layer, service }: ErrorContent): string {
  const isOfCompute = layer === 'service' && service === undefined
  const error = { ...isOfCompute && { details, innererror }, code, message, target, details, innererror }
  return layer === 'service' ? indented({ error }) : JSON.stringify({ error })
}

/** Fills in the placeholders of a text. A placeholder without a value stays as it is. */
export function fill (text: string, values: Readonly<Record<string, string | number | undefined>>): string {
  return text.replace(/\{(\w+)\}/g, (blank, name: string) => `${values[name] ?? blank}`)
}
