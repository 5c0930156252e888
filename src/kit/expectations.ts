import { UsageError } from '../core/usage-error.js'
import type { Expectation } from '../journal/verify.js'
import type { Match } from '../matching/match.js'
import { plainName, tell } from '../options/names.js'
import { matchMistakes } from '../scenarios/check.js'
import type { Mistake } from '../validation/mistakes.js'
import { suggestion } from '../validation/nearest.js'
import { textOf, type Path } from '../validation/paths.js'

/** The expectations, if they are valid. Throws a `UsageError` if they are not. */
export function checkedExpectations (expectations: readonly Expectation[]): Expectation[] {
  if (!Array.isArray(expectations)) throw new UsageError("verify needs a list of expectations, such as [{ match: { script: 'df*' } }]")
  return expectations.map((expectation: Expectation, index) => {
    const { match, times, ...unknown } = expectation ?? {}
    const [name] = Object.keys(unknown)
    if (name !== undefined) {
      throw new UsageError(`'expectations[${index}].${name}' is not a member of an expectation: expected 'match' or 'times'`)
    }
    return { match: checkedMatch(match, ['expectations', index, 'match']), ...times !== undefined && { times } }
  })
}

/** The match, if it is valid. Throws a `UsageError` if it is not. */
export function checkedMatch (match: Match, at: Path = ['match']): Match {
  refuse(matchMistakes(match, at))
  return match
}

/** Throws a `UsageError` that lists all mistakes, if any. `whole` is what a mistake without a path is about. */
export function refuse (mistakes: readonly Mistake[], whole = 'the value'): void {
  if (mistakes.length === 0) return
  throw new UsageError(tell(mistakes, path => plainName(path.length === 0 ? whole : `'${textOf(path)}'`)))
}

interface OptionRule {
  readonly text: string
  allows (value: unknown): boolean
}

/** The rules for some of the options of all methods. */
const RULES: Readonly<Record<string, OptionRule>> = {
  timeout: { text: 'a number of milliseconds from 0 to 2147483647', allows: value => typeof value === 'number' && value >= 0 && value < 2 ** 31 },
  count: { text: 'a whole number from 1 to 1000000', allows: value => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1e6 },
  position: { text: 'first or last', allows: value => value === 'first' || value === 'last' }
}

/**
 * The options of a method. Throws a `UsageError` for one that it does not have, and for a value that it cannot use:
 * JavaScript programs call this, too.
 */
export function checkedOptions<Given extends object> (options: Given, known: readonly (keyof Given & string)[],
  method: string): Given {
  const unknown = Object.keys(options).find(name => !known.some(each => each === name))
  if (unknown !== undefined) {
    throw new UsageError(`'${unknown}' is not an option of ${method}; ${suggestion(unknown, known)}`)
  }
  for (const [name, value] of Object.entries(options)) checkValue(name, value, method)
  return options
}

function checkValue (name: string, value: unknown, method: string): void {
  const rule = RULES[name]
  if (rule === undefined || value === undefined || rule.allows(value)) return
  throw new UsageError(`'${name}' of ${method} must be ${rule.text}, not ${typeof value === 'string' ? `"${value}"` : String(value)}`)
}
