import type { ErrorEntry } from './entry.js'
import { errors, type ErrorName } from './table.js'

/** The most characters of a client's value to repeat in a message. */
const LONGEST_VALUE = 200

type Values = Readonly<Record<string, string>>

/**
 * An error of the table, or a similar one. `values` fill its placeholders, and the others stay. `headers` are added to
 * the response.
 */
export class EntraError extends Error {
  readonly entry: ErrorEntry
  readonly headers: Values

  constructor (error: ErrorName | ErrorEntry, values: Values = {}, headers: Values = {}) {
    const entry: ErrorEntry = typeof error === 'string' ? errors[error] : error
    super(entry.message.replace(/\{(\w+)\}/g, (blank, key: string) => shortened(values[key] ?? blank)))
    this.entry = entry
    this.headers = headers
  }
}

function shortened (value: string): string {
  return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}...` : value
}
