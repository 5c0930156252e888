import type { Finding } from '../journal/entry.js'

/** The most characters of a wrong value that a finding shows. */
const LONGEST_VALUE = 100

/** A finding of the contract. */
export function finding (severity: Finding['severity'], path: string, message: string): Finding {
  return { rule: 'contract', severity, message, path }
}

/** A client's value in quotes, in one line and of limited length. */
export function quoted (value: string): string {
  const text = value.replaceAll(/\s+/g, ' ')
  return `'${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text}'`
}

/** A pattern as in the contract. JavaScript escapes slashes. */
export function textOfPattern ({ source }: RegExp): string {
  return source.replaceAll('\\/', '/')
}
