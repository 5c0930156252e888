import type { Match } from '../matching/match.js'
import { mistakesOf, type Mistake } from '../validation/mistakes.js'
import { valueAt, type Path } from '../validation/paths.js'
import { errorsOf, type Validator } from '../validation/validator.js'
import { callsOf } from './calls.js'
import { effectMistakes, type Known } from './check-effects.js'
import { operationMistakes } from './check-operation.js'
import { identityOf } from './identity.js'
import type { Scenario } from './scenario.js'
import * as validators from './validators.js'

/** The mistakes in a scenario. `at` is its path in the user's input. */
export function scenarioMistakes (value: unknown, known: Known, at: Path = []): Mistake[] {
  return checked(validators.scenario, value, at, () => ruleMistakes(value as Scenario, known, at))
}

/** The mistakes in the content of a scenario file. A scenario on its own, as HTTP and programs give it, is one. */
export function scenarioFileMistakes (content: unknown, known: Known): Mistake[] {
  if (isScenario(content)) {
    const predicate = 'must have the scenario in a member \'scenario\': {"scenario": {"name": …, "do": …}}'
    return [{ path: [], at: 'value', predicate }]
  }
  return checked(validators.file, content, [], () => ruleMistakes(valueAt(['scenario'], content) as Scenario, known, ['scenario']))
}

function isScenario (content: unknown): boolean {
  return typeof content === 'object' && content !== null && 'do' in content && !('scenario' in content)
}

/** The mistakes in a list of scenarios, whose names must be unique within each subscription. */
export function scenarioListMistakes (values: readonly unknown[], known: Known, at: Path = []): Mistake[] {
  const identities = new Map<string, number>()
  return values.flatMap((value, index) => {
    const mistakes = scenarioMistakes(value, known, [...at, index])
    const { name, match } = (value ?? {}) as Partial<Scenario>
    const subscriptionId: unknown = match?.subscriptionId ?? ''
    if (typeof name !== 'string' || typeof subscriptionId !== 'string') return mistakes
    const identity = identityOf({ name, match: { subscriptionId } })
    const other = identities.get(identity)
    if (other === undefined) { identities.set(identity, index); return mistakes }
    const predicate = `is '${name}', the same as the name of number ${other + 1} in the list: rename one of the two`
    return [...mistakes, { path: [...at, index, 'name'], at: 'value', predicate }]
  })
}

/** The mistakes in a match. */
export function matchMistakes (value: unknown, at: Path = []): Mistake[] {
  return checked(validators.match, value, at, () => operationMistakes((value as Match).operation, [...at, 'operation']))
}

/** The mistakes by the schema or, without any, those by the rules. */
function checked (validate: Validator, value: unknown, at: Path, rules: () => Mistake[]): Mistake[] {
  const mistakes = mistakesOf(errorsOf(validate, value), value)
  return mistakes.length === 0 ? rules() : mistakes.map(mistake => ({ ...mistake, path: [...at, ...mistake.path] }))
}

function ruleMistakes ({ match = {}, calls, do: effects }: Scenario, known: Known, at: Path): Mistake[] {
  return [
    ...operationMistakes(match.operation, [...at, 'match', 'operation']),
    ...callsMistakes(calls, [...at, 'calls']),
    ...effectMistakes(effects, match.operation, known, [...at, 'do'])
  ]
}

function callsMistakes (calls: string | undefined, path: Path): Mistake[] {
  const { first, last } = callsOf(calls)
  return first <= last ? [] : [{ path, at: 'value', predicate: `must not end before it begins, as '${calls}' does` }]
}
