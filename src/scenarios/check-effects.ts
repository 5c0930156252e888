import type { Mistake } from '../validation/mistakes.js'
import { hint } from '../validation/nearest.js'
import type { Path } from '../validation/paths.js'
import { operationsLike } from './check-operation.js'
import { concerns, kindOf, subjectOf } from './effects.js'
import type { Effect, ErrorEffect } from './scenario.js'

/** Facts about the surfaces, which a schema cannot have. */
export interface Known {
  /** The names of the entries of the error tables. */
  readonly errorEntries: readonly string[]
}

/** Headers that frame a response. azrun sets them itself for an error. */
const FRAMING = ['content-length', 'transfer-encoding', 'connection']

/** Statuses whose responses have no body. A client would take its bytes for the next response. */
const BODILESS = [204, 304]

const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/

/** The mistakes in effects that a schema cannot express. `operation` is the pattern of their scenario. */
export function effectMistakes (effects: readonly Effect[], operation: string | undefined, known: Known,
  at: Path): Mistake[] {
  return effects.flatMap((effect, index) => [
    ...repetition(effect, effects.slice(0, index), [...at, index]),
    ...idleness(effect, operation, [...at, index]),
    ...valueMistakes(effect, known, [...at, index])
  ])
}

/** The mistake of an effect that repeats the kind of an earlier one. */
function repetition (effect: Effect, before: readonly Effect[], path: Path): Mistake[] {
  const kind = kindOf(effect)
  if (!before.some(other => kindOf(other) === kind)) return []
  const predicate = 'is a second effect of the same kind, and a scenario can have only one: remove one of the two'
  return [{ path: [...path, kind], at: 'key', predicate }]
}

/** The mistake of an effect that cannot apply to any operation of its scenario. */
function idleness (effect: Effect, operation: string | undefined, path: Path): Mistake[] {
  const subject = subjectOf(effect)
  const ids = operation === undefined || subject === undefined ? [] : operationsLike(operation)
  if (ids.length === 0 || ids.some(id => concerns(effect, id))) return []
  const predicate = `applies only to ${subject}, and 'match.operation' matches none of them: '${operation}'`
  return [{ path: [...path, kindOf(effect)], at: 'key', predicate }]
}

function valueMistakes ({ error, answer, poll }: Effect, known: Known, path: Path): Mistake[] {
  const isList = Array.isArray(error)
  return [
    ...[error ?? []].flat().flatMap((each: ErrorEffect, index) =>
      errorMistakes(each, known, [...path, 'error', ...isList ? [index] : []])),
    ...typeof poll === 'object' ? errorMistakes(poll.error, known, [...path, 'poll', 'error']) : [],
    ...headerMistakes(answer?.headers, [...path, 'answer', 'headers']),
    ...bodyMistakes(answer, [...path, 'answer', 'body'])
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

function bodyMistakes ({ status = 200, body = '' }: NonNullable<Effect['answer']> = {}, path: Path): Mistake[] {
  if (body === '' || !BODILESS.includes(status)) return []
  return [{ path, at: 'value', predicate: `must be left out, because a response with status ${status} has no body` }]
}

function headerMistakes (headers: Readonly<Record<string, string>> = {}, path: Path): Mistake[] {
  return Object.entries(headers).flatMap(([name, value]): Mistake[] => {
    if (!HEADER_NAME.test(name)) return [{ path: [...path, name], at: 'key', predicate: 'is not a name that HTTP allows for a header' }]
    if (HEADER_VALUE.test(value)) return []
    return [{ path: [...path, name], at: 'value', predicate: 'must have no line breaks and only characters of Latin-1' }]
  })
}
