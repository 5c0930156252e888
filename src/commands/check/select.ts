import type { Journal } from '../../journal/journal.js'
import { compileMatch } from '../../matching/match.js'
import { plainName } from '../../options/names.js'
import { readScenarios, type FoundScenarios } from '../../options/scenario-sources.js'
import { concerns } from '../../scenarios/effects.js'
import { NamedScenarios } from '../../scenarios/named.js'
import type { Scenario } from '../../scenarios/scenario.js'
import { UnknownScenario } from '../../scenarios/unknown-scenario.js'

/** The user's scenarios, then the built-in ones. A user's scenario replaces the built-in one of the same name. */
export function allScenarios (own: readonly Scenario[]): readonly Scenario[] {
  const names = new Set(own.map(({ name }) => name))
  const named = new NamedScenarios().list().map(({ scenario }) => scenario)
  return [...own, ...named.filter(({ name }) => !names.has(name))]
}

/**
 * Finds the values of `--scenario`. A value with a slash, or that ends in `.json` or `.jsonc`, is the path of a file or
 * directory; any other is a name.
 */
export async function askedScenarios (asked: readonly string[], known: readonly Scenario[]): Promise<FoundScenarios> {
  const problems: string[] = []
  const found: Scenario[] = []
  for (const each of asked) {
    if (/[/\\]|\.jsonc?$/.test(each)) {
      const { scenarios, problems: ofFiles } = await readScenarios(each, plainName('--scenario'))
      found.push(...scenarios)
      problems.push(...ofFiles)
      continue
    }
    const scenario = known.find(({ name }) => name === each)
    if (scenario !== undefined) found.push(scenario)
    else problems.push(unknown(new UnknownScenario(each, known.map(({ name }) => name))))
  }
  return { scenarios: [...new Set(found)], problems }
}

function unknown ({ scenario, hint }: UnknownScenario): string {
  return `--scenario ${scenario} is not the name of a scenario${hint || ': give one of docs/scenarios-named.md, or the path of a file'}`
}

/** The scenarios that would have affected a call in this journal. */
export function concerned (scenarios: readonly Scenario[], journal: Journal): Scenario[] {
  const calls = [...journal.calls()]
  return scenarios.filter(({ match, do: effects }) => {
    const matches = compileMatch(match)
    return calls.some(call => matches(call) && effects.some(effect => concerns(effect, call.operation)))
  })
}
