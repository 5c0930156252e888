import type { ErrorObject } from 'ajv'
import type { JsonSchema } from './json-schema.js'
import { suggestion } from './nearest.js'
import { pathOf, valueAt, type Path } from './paths.js'
import { ruleOf } from './rule-words.js'

/** The most characters of a wrong value that a message shows. */
const MAX_VALUE_LENGTH = 100

/** A mistake in a value of the user. */
export interface Mistake {
  readonly path: Path
  /** Whether the value is wrong, or the name of its member. */
  readonly at: 'value' | 'key'
  /** The rest of the sentence, after the name of the value. */
  readonly predicate: string
}

/** Converts ajv's errors for a value. `alsoKnown` are members that the value may have, but its schema does not. */
export function mistakesOf (errors: readonly ErrorObject[], value: unknown,
  alsoKnown: readonly string[] = []): Mistake[] {
  // For a oneOf, only the error of the whole is helpful, unless just one alternative is for a value of this type.
  const choices = errors.filter(({ keyword, parentSchema }) => keyword === 'oneOf' && 'errorMessage' in parentSchema!)
  const pathsOf = (ofChoices: readonly ErrorObject[]) => new Set(ofChoices.map(({ instancePath }) => instancePath))
  const certain = pathsOf(choices.filter(choice => isCertain(choice, value)))
  const wholes = pathsOf(choices.filter(({ instancePath }) => !certain.has(instancePath)))
  const said = errors.filter(error => {
    if (certain.has(error.instancePath) && (error.keyword === 'oneOf' || isOfOther(error, value))) return false
    return error.keyword === 'oneOf' || isBelow(error, certain) ||
      !(error.schemaPath.includes('/oneOf/') || isBelow(error, wholes))
  })
  const wrongTypes = new Set(said.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath))
  const mistakes = said
    // Other errors mean nothing if the type is wrong.
    .filter(({ keyword, instancePath }) => keyword === 'type' || !wrongTypes.has(instancePath))
    .map(error => mistakeOf(error, value, alsoKnown))
  // Errors for a pattern and for a length have the same text.
  return [...new Map(mistakes.map(mistake => [JSON.stringify(mistake), mistake])).values()]
}

/** A value for a message. */
export function shown (value: unknown): string {
  const text = asJson(value) ?? kindOf(value)
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH)}...` : text
}

/** What to call a value without JSON, such as a function or an object that contains itself. */
function kindOf (value: unknown): string {
  if (value === undefined) return 'undefined'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function asJson (value: unknown): string | undefined {
  // JSON has no infinite number, but a text such as 1e999 stands for one.
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value}`
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/** Whether only one alternative is possible for the value: the one for lists, or the one for objects. */
function isCertain ({ instancePath, parentSchema }: ErrorObject, value: unknown): boolean {
  const type = typeOf(valueAt(pathOf(instancePath, value), value))
  const alternatives = parentSchema!['oneOf'] as readonly { readonly $ref?: string, readonly type?: string }[]
  // Every referenced schema is an object.
  const fitting = alternatives.filter(alternative => (alternative.$ref === undefined ? alternative.type : 'object') === type)
  return (type === 'array' || type === 'object') && fitting.length === 1
}

/** Whether the error comes from an alternative for values of another type. */
function isOfOther ({ instancePath, parentSchema }: ErrorObject, value: unknown): boolean {
  return 'type' in parentSchema! && parentSchema.type !== typeOf(valueAt(pathOf(instancePath, value), value))
}

function typeOf (value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
}

/** Whether the error is about one of these values, or about something in it. */
function isBelow ({ instancePath }: ErrorObject, wholes: ReadonlySet<string>): boolean {
  for (let path = instancePath; path !== ''; path = path.slice(0, path.lastIndexOf('/'))) {
    if (wholes.has(path)) return true
  }
  return wholes.has('')
}

function mistakeOf ({ keyword, instancePath, params, parentSchema }: ErrorObject, value: unknown,
  alsoKnown: readonly string[]): Mistake {
  const schema = parentSchema as JsonSchema
  const path = pathOf(instancePath, value)
  const of = (predicate: string): Mistake => ({ path, at: 'value', predicate })
  switch (keyword) {
    case 'additionalProperties': {
      const name: string = params['additionalProperty']
      const known = [...Object.keys(schema.properties!), ...path.length === 0 ? alsoKnown : []]
      const hint = suggestion(name, known.filter(each => each !== '$schema'))
      return { path: [...path, name], at: 'key', predicate: `is not a known property; ${hint}` }
    }
    case 'required': return of(`must have '${params['missingProperty']}'`)
    case 'oneOf':
      if (schema.errorMessage !== undefined) break
      return of(`must have either ${schema.oneOf!.map(({ required: [name] }) => `'${name}'`).join(' or ')}`)
    case 'minLength': case 'minItems': case 'minProperties':
      if (schema.errorMessage === undefined) return of('must not be empty')
      break
    case 'maxItems':
      if (schema.errorMessage === undefined) return of(`must have at most ${params['limit']} items`)
  }
  return of(schema.writeOnly === true ? ruleOf(schema) : `${ruleOf(schema)}, not ${shown(valueAt(path, value))}`)
}
