import type { Finding, Message } from '../journal/entry.js'
import { valueOf } from '../journal/message.js'

/** The most characters of a wrong value that a finding shows. */
const LONGEST_VALUE = 100

/** A finding of the contract. */
export function finding (severity: Finding['severity'], path: string, message: string): Finding {
  return { rule: 'contract', severity, message, path }
}

/** The value of a header, ignoring the case of its name; the first of several. */
export function headerOf ({ headers }: Message, name: string): string | undefined {
  return valueOf(headers, name.toLowerCase())
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
