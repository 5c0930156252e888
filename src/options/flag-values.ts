import type { JsonSchema } from '../validation/json-schema.js'
import { shown } from '../validation/mistakes.js'
import { ruleOf } from '../validation/rule-words.js'
import { wholeNumberIn } from '../validation/whole-number.js'
import type { Flag } from './flags.js'

/** A value of a flag. A text that does not have the type of its schema stays text. */
export type FlagValue = string | number | boolean

/**
 * Converts the values of an option from text to the type in its schema. Those that do not fit stay text, and the check
 * of all options reports them. Adds a problem for a missing value, and for several values where only one is allowed.
 */
export function valuesOf (flag: Flag, texts: readonly string[],
  problems: string[]): FlagValue | readonly FlagValue[] | undefined {
  const { flag: called, schema } = flag
  const values = texts.filter(text => text !== '' || schema.type === 'boolean').map(text => valueOf(text, schema))
  if (values.length < texts.length) problems.push(`${called} needs a value: ${neededBy(flag)}`)
  if (schema.type === 'array') return values
  if (texts.length > 1) problems.push(`${called} is given ${texts.length} times, but takes only one value: give it once`)
  return values[0]
}

/** Like `valuesOf`, for an option of one command. Also adds a problem for a value that does not fit. */
export function ownValueOf (flag: Flag, texts: readonly string[],
  problems: string[]): FlagValue | readonly FlagValue[] | undefined {
  if (texts.length === 0) return undefined
  const value = valuesOf(flag, texts, problems)
  if (value === undefined || typeof value === 'object' || fits(value, flag.schema)) return value
  problems.push(`${flag.flag} ${ruleOf(flag.schema)}, not ${shown(value)}`)
  return undefined
}

/** Converts a text to the type in the schema. A text that does not fit stays as it is. */
export function valueOf (text: string, { type }: JsonSchema): FlagValue {
  if (type === 'integer') return wholeNumberIn(text) ?? text
  if (type === 'boolean' && (text === 'true' || text === '1')) return true
  if (type === 'boolean' && (text === 'false' || text === '0')) return false
  return text
}

function neededBy ({ flag, schema }: Flag): string {
  const { type, enum: choices, title } = schema
  return type === 'integer' || choices !== undefined ? `it ${ruleOf(schema)}` : `write ${flag} ${title}`
}

function fits (value: FlagValue, schema: JsonSchema): boolean {
  const { type, enum: choices, minimum = -Infinity, maximum = Infinity } = schema
  if (type === 'integer') return typeof value === 'number' && value >= minimum && value <= maximum
  return type === 'boolean' ? typeof value === 'boolean' : choices?.includes(`${value}`) !== false
}
