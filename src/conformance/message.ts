import type { Finding, Message } from '../journal/entry.js'

/** The most characters of a wrong value to show in a finding. */
const LONGEST_VALUE = 100

export function finding (severity: Finding['severity'], path: string, message: string): Finding {
  return { rule: 'contract', severity, message, path }
}

/** The first value of a header. Its name may be in any case. */
export function headerOf ({ headers }: Message, name: string): string | undefined {
  const lowerCase = name.toLowerCase()
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === lowerCase)?.[1]
  return typeof found === 'object' ? found[0] : found
}

/** A value from outside, in quotes, on one line and shortened. */
export function quoted (value: string): string {
  const text = value.replaceAll(/\s+/g, ' ')
  return `'${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text}'`
}

/** A pattern as in the contract, without JavaScript's escaped slashes. */
export function textOfPattern ({ source }: RegExp): string {
  return source.replaceAll('\\/', '/')
}
