import { ArmError } from '../arm/errors/arm-error.js'
import type { BodyType, ObjectType } from '../arm/json/body-type.js'
import { deserialize } from '../arm/json/deserialize.js'
import type { JsonReader } from '../arm/json/reader.js'
import type { Leniency } from '../arm/json/scanner.js'
import type { Finding } from '../journal/entry.js'
import { headerOf } from '../journal/message.js'
import { REDACTED } from '../journal/redaction.js'
import type { ContractOperation, SentRequest } from './contract.js'
import { finding, quoted } from './message.js'

/** The most findings of a body, which could have as many mistakes as characters. */
const MOST_FINDINGS = 50

/** What is wrong with a body. Reads it like Azure, which stops at the first thing that it refuses. */
export function bodyFindings (operation: ContractOperation, { request }: SentRequest): Finding[] {
  const { id, bodyType, isBodyRequired } = operation
  const { body } = request
  if (bodyType === undefined || body === REDACTED) return []
  const missing = (why = '') =>
    isBodyRequired ? [finding('error', 'request.body', `${id} was called without a body${why}`)] : []
  if (body === undefined) {
    const isSent = Number(headerOf(request, 'content-length') ?? 0) > 0 || headerOf(request, 'transfer-encoding') !== undefined
    // A body was sent, but the request was refused before azrun read it.
    return isSent ? [] : missing()
  }
  const found: Finding[] = []
  try {
    const { value } = deserialize(body, bodyType, (leniency, reader) => {
      const isWhole = leniency === 'null' && reader.path === ''
      if (found.length < MOST_FINDINGS && !isWhole) found.push(leniencyAt(leniency, reader, bodyType))
    })
    if (value === null) found.push(...missing(': it is empty or null'))
  } catch (error) {
    found.push(refusal(error as Error))
  }
  return found
}

function leniencyAt (leniency: Leniency, reader: JsonReader, type: ObjectType): Finding {
  const { path, value } = reader
  return finding('warning', below(path), textOf(leniency, path === '' ? 'the body' : `'${path}'`, value, type))
}

function textOf (leniency: Leniency, subject: string, value: string, type: ObjectType): string {
  switch (leniency) {
    case 'member name': return `member ${quoted(value)} has the wrong case: write '${memberLike(value, type)}'`
    case 'number': return `${subject} is the number ${value}, which Azure converts to text: send text`
    case 'boolean': return `${subject} is ${value.toLowerCase()}, which Azure converts to text: send text`
    case 'text': return `${subject} is the text ${quoted(value)}, which Azure converts: send a number or a boolean`
    case 'null': return `${subject} is null, which Azure treats as absent: leave it out`
    case 'empty text': return `${subject} is an empty text, which Azure treats as absent: leave it out`
    case 'JSON syntax': return `${subject} is not valid JSON, although Azure accepts it: send JSON (RFC 8259)`
  }
}

/** The member of the type, or of a type inside it, whose name differs only in case. */
function memberLike (name: string, type: BodyType): string | undefined {
  if (type.kind === 'list') return memberLike(name, type.items)
  if (type.kind !== 'object') return undefined
  return type.members.find(member => member.name.toLowerCase() === name.toLowerCase())?.name ??
    type.members.map(each => memberLike(name, each.type)).find(each => each !== undefined)
}

/** Azure's error has the path in its text or as its target. */
function refusal (error: Error): Finding {
  if (!(error instanceof ArmError)) throw error
  const [, path = error.target ?? ''] = /Path '(.*)', line \d+, position \d+\.$/.exec(error.message) ?? []
  // The first of several sentences says what is wrong.
  const [reason] = error.message.split('\r\n') as [string]
  return finding('error', below(path === 'body' ? '' : path), `Azure refuses the body: ${reason}`)
}

function below (path: string): string {
  return path === '' ? 'request.body' : path.startsWith('[') ? `request.body${path}` : `request.body.${path}`
}
