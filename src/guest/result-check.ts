import type { ExecutionResult } from '../executors/executor.js'

/** The most characters of a wrong value to show in a message. */
const MAX_VALUE_LENGTH = 100

const LEVELS = ['Info', 'Warning', 'Error']

const BYTES = {
  rule: 'a whole number of bytes',
  allows: (value: unknown) => value === undefined || (Number.isInteger(value) && value as number >= 0)
}

const RULES: Readonly<Record<keyof ExecutionResult, { readonly rule: string, allows (value: unknown): boolean }>> = {
  exitCode: { rule: 'a whole number', allows: Number.isInteger },
  stdout: { rule: 'text', allows: value => typeof value === 'string' },
  stderr: { rule: 'text', allows: value => typeof value === 'string' },
  stdoutBytes: BYTES,
  stderrBytes: BYTES,
  statuses: {
    rule: `a list of objects whose level is one of ${LEVELS.join(', ')} and whose other members are text`,
    allows: value => value === undefined || (Array.isArray(value) && value.every(isStatus))
  }
}

function isStatus (value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).every(([name, member]) =>
    name === 'level' ? LEVELS.includes(member as string) : typeof member === 'string')
}

/** The mistake in an executor's result, as a message for its author; undefined if there is none. */
export function mistakeIn (result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return sentence('result', 'an object', result)
  const members = result as Readonly<Record<string, unknown>>
  for (const [name, { rule, allows }] of Object.entries(RULES)) {
    if (!allows(members[name])) return sentence(`'${name}'`, rule, members[name])
  }
  return undefined
}

function sentence (subject: string, rule: string, value: unknown): string {
  return `the executor's ${subject} must be ${rule}, not ${shown(value)}: its method 'execute' must return ` +
    '{ exitCode, stdout, stderr } or a promise of that'
}

function shown (value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'object') return String(value)
  const text = textOf(value)
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}...` : text
}

function textOf (value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'an object'
  } catch {
    return 'an object'
  }
}
