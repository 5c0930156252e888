import type { Finding, Message } from '../journal/entry.js'

/** Characters of a wrong value that a finding shows. */
const LONGEST_VALUE = 100

export function finding (severity: Finding['severity'], path: string, message: string): Finding {
  return { rule: 'contract', severity, message, path }
}

/** The value of a header, whose name may be spelt in any case; the first of several. */
export function headerOf ({ headers }: Message, name: string): string | undefined {
  const lowerCase = name.toLowerCase()
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === lowerCase)?.[1]
  return typeof found === 'object' ? found[0] : found
}

/** A value from outside, in quotes, on one line and not too long. */
export function quoted (value: string): string {
  const text = value.replaceAll(/\s+/g, ' ')
  return `'${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text}'`
}

/** A pattern as the contract has it: JavaScript escapes slashes. */
export function textOfPattern ({ source }: RegExp): string {
  return source.replaceAll('\\/', '/')
}
