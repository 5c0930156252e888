import { UsageError } from '../core/usage-error.js'
import { shown } from '../validation/mistakes.js'
import { suggestion } from '../validation/nearest.js'

interface OptionRule {
  readonly text: string
  allows (value: unknown): boolean
}

const TEXT: OptionRule = { text: 'a text', allows: value => typeof value === 'string' }

const COUNT: OptionRule = { text: 'a whole number from 1 to 1000000', allows: value => isWhole(value, 1, 1e6) }

/** The rules for some of the options of all methods, and for the members of a filter that a match does not have. */
const RULES: Readonly<Record<string, OptionRule>> = {
  timeout: { text: 'a number of milliseconds from 0 to 2147483647', allows: value => typeof value === 'number' && value >= 0 && value < 2 ** 31 },
  count: COUNT,
  position: { text: 'first or last', allows: value => value === 'first' || value === 'last' },
  inOrder: { text: 'true or false', allows: value => typeof value === 'boolean' },
  clientId: TEXT,
  subscriptionId: TEXT,
  status: { text: 'a whole number from 100 to 599', allows: value => isWhole(value, 100, 599) },
  scenario: TEXT,
  clientRequestId: TEXT,
  since: { text: 'a whole number of 0 or more', allows: value => isWhole(value, 0, Infinity) },
  top: COUNT
}

/**
 * The options of a method. Throws a `UsageError` for one that it does not have, and for a value that it cannot use:
 * JavaScript programs call this, too.
 */
export function checkedOptions<Given extends object> (options: Given, known: readonly (keyof Given & string)[],
  method: string): Given {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new UsageError(`the options of ${method} must be an object with ${known.join(' or ')}, not ${shown(options)}`)
  }
  const unknown = Object.keys(options).find(name => !known.some(each => each === name))
  if (unknown !== undefined) {
    throw new UsageError(`'${unknown}' is not an option of ${method}; ${suggestion(unknown, known)}`)
  }
  checkValues(options, method)
  return options
}

/** Throws a `UsageError` for a value that a method cannot use. */
export function checkValues (values: object, method: string): void {
  for (const [name, value] of Object.entries(values)) {
    const rule = RULES[name]
    if (rule === undefined || value === undefined || rule.allows(value)) continue
    throw new UsageError(`'${name}' of ${method} must be ${rule.text}, not ${shown(value)}`)
  }
}

function isWhole (value: unknown, from: number, to: number): boolean {
  return Number.isInteger(value) && Number(value) >= from && Number(value) <= to
}
