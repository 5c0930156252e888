import { wildcard } from '../core/wildcard.js'
import type { Match } from '../matching/match.js'
import { OPERATION_IDS } from '../matching/operation-ids.js'
import { mistakesOf, type Mistake } from '../validation/mistakes.js'
import { nearest } from '../validation/nearest.js'
import { valueAt, type Path } from '../validation/paths.js'
import { errorsOf, type Validator } from '../validation/validator.js'
import { callsOf } from './calls.js'
import { concerns, subjectOf } from './effects.js'
import { identityOf } from './identity.js'
import type { Effect, ErrorEffect, Scenario } from './scenario.js'
import * as validators from './validators.js'

/** Facts about the surfaces, which a schema cannot have. */
export interface Known {
  /** The names of the entries of the error tables. */
  readonly errorEntries: readonly string[]
}

/** Headers that frame a response. azrun sets them itself for an error. */
const FRAMING = ['content-length', 'transfer-encoding', 'connection']

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

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
    ...effects.flatMap((effect, index) => [
      ...repetition(effect, effects.slice(0, index), [...at, 'do', index]),
      ...idleness(effect, match.operation, [...at, 'do', index]),
      ...effectMistakes(effect, known, [...at, 'do', index])
    ])
  ]
}

/** The mistake in a pattern of operationIds, if azrun serves no operation that matches it. */
export function operationMistakes (operation: string | undefined, path: Path): Mistake[] {
  if (operation === undefined) return []
  if (operationsLike(operation).length > 0) return []
  return [{ path, at: 'value', predicate: `is not an operation that azrun serves: '${operation}'${hint(operation, OPERATION_IDS)}` }]
}

/** The operations that match a pattern. */
function operationsLike (pattern: string): string[] {
  const matches = wildcard(pattern.toLowerCase())
  return OPERATION_IDS.filter(id => matches(id.toLowerCase()))
}

/** The mistake of an effect that cannot apply to any operation of its scenario. */
function idleness (effect: Effect, operation: string | undefined, path: Path): Mistake[] {
  const subject = subjectOf(effect)
  const ids = operation === undefined || subject === undefined ? [] : operationsLike(operation)
  if (ids.length === 0 || ids.some(id => concerns(effect, id))) return []
  const predicate = `applies only to ${subject}, and 'match.operation' matches none of them: '${operation}'`
  return [{ path: [...path, Object.keys(effect)[0]!], at: 'key', predicate }]
}

function callsMistakes (calls: string | undefined, path: Path): Mistake[] {
  const { first, last } = callsOf(calls)
  return first <= last ? [] : [{ path, at: 'value', predicate: `must not end before it begins, as '${calls}' does` }]
}

function repetition (effect: Effect, before: readonly Effect[], path: Path): Mistake[] {
  const [kind] = Object.keys(effect) as [keyof Effect]
  if (!before.some(other => kind in other)) return []
  const predicate = 'is a second effect of the same kind, and a scenario can have only one: remove one of the two'
  return [{ path: [...path, kind], at: 'key', predicate }]
}

function effectMistakes ({ error, answer, poll }: Effect, known: Known, path: Path): Mistake[] {
  const isList = Array.isArray(error)
  return [
    ...[error ?? []].flat().flatMap((each: ErrorEffect, index) =>
      errorMistakes(each, known, [...path, 'error', ...isList ? [index] : []])),
    ...typeof poll === 'object' ? errorMistakes(poll.error, known, [...path, 'poll', 'error']) : [],
    ...headerMistakes(answer?.headers, [...path, 'answer', 'headers'])
  ]
}

function errorMistakes ({ entry, headers }: ErrorEffect, { errorEntries }: Known, path: Path): Mistake[] {
  const isKnown = entry === undefined || errorEntries.includes(entry)
  const predicate = `is not an entry of the error tables: '${entry}'${isKnown ? '' : hint(entry, errorEntries)}`
  const framing = Object.keys(headers ?? {}).filter(name => FRAMING.includes(name.toLowerCase()))
  return [
    ...isKnown ? [] : [{ path: [...path, 'entry'], at: 'value' as const, predicate }],
    ...headerMistakes(headers, [...path, 'headers']),
    ...framing.map((name): Mistake => ({
      path: [...path, 'headers', name],
      at: 'key',
      predicate: "is a header that azrun sets itself: remove it, or use the effect 'answer'"
    }))
  ]
}

function headerMistakes (headers: Readonly<Record<string, string>> = {}, path: Path): Mistake[] {
  return Object.entries(headers).flatMap(([name, value]): Mistake[] => {
    if (!HEADER_NAME.test(name)) return [{ path: [...path, name], at: 'key', predicate: 'is not a name that HTTP allows for a header' }]
    if (HEADER_VALUE.test(value)) return []
    return [{ path: [...path, name], at: 'value', predicate: 'must have no line breaks and only characters of Latin-1' }]
  })
}

function hint (word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === undefined ? '' : `; did you mean '${near}'?`
}
