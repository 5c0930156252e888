import { UsageError } from '../core/usage-error.js'
import type { Expectation } from '../journal/verify.js'
import type { Match } from '../matching/match.js'
import { plainName, tell } from '../options/names.js'
import { matchMistakes } from '../scenarios/check.js'
import type { Mistake } from '../validation/mistakes.js'
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
