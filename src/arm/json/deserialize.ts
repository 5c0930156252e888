import { ArmError } from '../errors/arm-error.js'
import type { BodyType, ListType, MapType, Member, ObjectType, ScalarType } from './body-type.js'
import { JsonReader, shortened, type OnLeniency } from './reader.js'
import type { Leniency } from './scanner.js'

/** Only an item of a list can be null: a null member is absent. */
type Value = string | number | boolean | null | Value[] | Members

interface Members {
  [member: string]: Value | undefined
}

export interface Deserialized {
  /** Null if the text is empty or null. */
  readonly value: Readonly<Members> | null
  readonly leniencies: ReadonlySet<Leniency>
}

/**
 * Deserializes a JSON text as Json.NET does with MissingMemberHandling.Error. It stops at the first error, accepts
 * member names in any case, converts numbers and booleans to expected text, and treats null as absent. It ignores
 * metadata ($type, $id). The last of several members with the same name counts; Json.NET would append one list to the
 * other. `onLeniency` is called for what is accepted against the contract, and can throw to refuse it.
 */
export function deserialize (text: string, type: ObjectType, onLeniency?: OnLeniency): Deserialized {
  const leniencies = new Set<Leniency>()
  const reader = new JsonReader(text, (leniency, at, due) => {
    leniencies.add(leniency)
    onLeniency?.(leniency, at, due)
  })
  const value = reader.read() ? objectAt(reader, type) : null
  reader.read()
  const absent = value === null ? undefined : absentIn(value, type)
  if (absent !== undefined) throw missing(absent.slice(1))
  return { value, leniencies }
}

/** The service's error for a missing body or member. */
export function missing (parameter: string): ArmError {
  return new ArmError('InvalidParameter', { parameter })
}

function valueAt (reader: JsonReader, type: BodyType): Value {
  switch (type.kind) {
    // The reader has already converted the value to text.
    case 'text': return reader.token === 'Null' ? null : reader.value
    case 'switch': case 'number': return scalarAt(reader, type)
    case 'map': return mapAt(reader, type)
    case 'list': return listAt(reader, type)
    case 'object': return objectAt(reader, type)
  }
}

/** A number or a boolean, which can also be in text, as in Json.NET. Inferred: the error for anything else. */
function scalarAt (reader: JsonReader, type: ScalarType): number | boolean | null {
  const { token, value } = reader
  if (token === 'Null') return null
  const isScalar = token === 'String' || token === (type.kind === 'number' ? 'Number' : 'Boolean')
  const read = isScalar ? SCALARS[type.kind](value.trim()) : undefined
  if (read === undefined) {
    throw new ArmError('WrongType', { value: shown(reader), type: type.name, ...reader.position() })
  }
  if (token === 'String') reader.allow('text', type.name)
  return read
}

/** Parsers of text, which return undefined if it is not a value of the type. */
const SCALARS = {
  number: (text: string) =>
    /^[-+]?\d{1,10}$/.test(text) && (Number(text) | 0) === Number(text) ? Number(text) : undefined,
  switch: (text: string) => /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined
} as const

/** A dictionary. Names keep their case, and a null text becomes empty. */
function mapAt (reader: JsonReader, type: MapType): Members | null {
  const { token } = reader
  if (token === 'StartArray') throw new ArmError('ObjectExpected', { type: type.name, ...reader.position() })
  if (token !== 'StartObject') return nothingAt(reader, type)
  const map: Members = Object.create(null)
  while (reader.read()) {
    if (reader.token === 'EndObject') return map
    const name = reader.value
    if (!reader.readText()) throw reader.malformed(`Unexpected end when setting ${shortened(name)}'s value`)
    map[name] = reader.value
  }
  throw reader.malformed('Unexpected end when deserializing object')
}

function objectAt (reader: JsonReader, type: ObjectType): Members | null {
  const { token } = reader
  if (token === 'StartArray') throw new ArmError('ObjectExpected', { type: type.name, ...reader.position() })
  if (token !== 'StartObject') return nothingAt(reader, type)
  const object: Members = {}
  while (reader.read()) {
    if (reader.token === 'EndObject') return object
    const written = reader.value
    const member = memberOf(reader, type)
    if (!(member.type.kind === 'text' ? reader.readText() : reader.read())) {
      throw reader.malformed(`Unexpected end when setting ${shortened(written)}'s value`)
    }
    object[member.name] = valueAt(reader, member.type) ?? undefined
  }
  throw reader.malformed('Unexpected end when deserializing object')
}

function listAt (reader: JsonReader, type: ListType): Value[] | null {
  const { token } = reader
  if (token === 'StartObject') {
    if (!reader.read()) throw reader.malformed('Unexpected end when deserializing object')
    throw new ArmError('ArrayExpected', { type: type.name, ...reader.position() })
  }
  if (token !== 'StartArray') return nothingAt(reader, type)
  const list: Value[] = []
  const { items } = type
  let isComplete = true
  while (items.kind === 'text' ? reader.readText() : reader.read()) {
    if (reader.token === 'EndArray') return list
    const item = valueAt(reader, items)
    if (item === null) reader.allow('null', items.name)
    // Inferred: .NET joins the lines of a script, and takes null for an empty one.
    if (isComplete) list.push(items.kind === 'text' ? item ?? '' : item)
    // After an item that lacks a member, others do not matter: the body will be refused.
    if (items.kind === 'object') isComplete &&= absentIn(item, items) === undefined
  }
  throw reader.malformed('Unexpected end when deserializing array')
}

/** Null if there is nothing instead of an object or list; otherwise throws the error for what is there. */
function nothingAt (reader: JsonReader, type: BodyType): null {
  const { token, value } = reader
  if (token === 'Null' || token === 'Undefined' || (token === 'String' && value === '')) {
    reader.allow(token === 'Null' ? 'null' : token === 'String' ? 'empty text' : 'JSON syntax', type.name)
    return null
  }
  throw new ArmError('WrongType', { value: shown(reader), type: type.name, ...reader.position() })
}

/** Paths of secrets, whose values must not be in an error. */
const PROTECTED = /\b(?:protectedParameters|runAsPassword)\b/i

/** The token as shown in an error. */
function shown ({ token, value, path }: JsonReader): string {
  if (PROTECTED.test(path)) return '(protected)'
  if (token === 'StartObject' || token === 'StartArray') return token
  return shortened(token === 'String' ? `"${value}"` : value)
}

/** The member whose name was read. An exact match takes precedence over one that differs in case. */
function memberOf (reader: JsonReader, { members, name: type }: ObjectType): Member {
  const name = reader.value
  const exact = members.find(each => each.name === name)
  if (exact !== undefined) return exact
  const lowerCase = name.toLowerCase()
  const similar = members.find(each => each.name.toLowerCase() === lowerCase)
  if (similar === undefined) throw new ArmError('UnknownMember', { member: shortened(name), type, ...reader.position() })
  reader.allow('member name', type)
  return similar
}

/** The path from a value to its first required member or item that is absent or null; undefined if there is none. */
function absentIn (value: Value | undefined, type: BodyType): string | undefined {
  if (value === undefined || (typeof value !== 'object' && value !== null)) return undefined
  if (value === null) return ''
  if (Array.isArray(value)) return type.kind === 'list' ? absentInList(value, type) : undefined
  if (type.kind !== 'object') return undefined
  const absent = type.members.find(({ name, isRequired }) => isRequired && value[name] === undefined)
  if (absent !== undefined) return `.${absent.name}`
  for (const member of type.members) {
    const path = absentIn(value[member.name], member.type)
    if (path !== undefined) return `.${member.name}${path}`
  }
  return undefined
}

function absentInList (list: readonly Value[], { items }: ListType): string | undefined {
  if (items.kind === 'text') return undefined
  for (const [index, item] of list.entries()) {
    const path = absentIn(item, items)
    if (path !== undefined) return `[${index}]${path}`
  }
  return undefined
}
