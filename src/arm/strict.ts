import type { FastifyRequest } from 'fastify'
import type { Query } from '../http/query.js'
import { ArmError } from './errors.js'
import { shortened, type JsonReader } from './json-reader.js'
import type { Leniency } from './json-scanner.js'
import { queryLeniencies, type QueryParameter } from './lenient-query.js'

/** Throws for what Azure lets pass in a query. */
export function refuseLenientQuery ({ query }: FastifyRequest, parameters: readonly QueryParameter[]): void {
  const [first] = queryLeniencies(query as Query, parameters)
  if (first === undefined) return
  const { name, text, isValue = false } = first
  if (!isValue) throw new ArmError('LeniencyRefused', { mistake: text })
  const { values } = parameters.find(each => each.name === name)!
  const value = `${(query as Query)[name]}`
  throw new ArmError('InvalidValue', { parameter: name, value, rule: `must be ${values!.join(' or ')}` })
}

/**
 * Throws for what Azure lets pass in a body: the error that it has for the same mistake where it is not lenient. For what
 * is not JSON it has none.
 */
export function refuseLeniency (leniency: Leniency, reader: JsonReader, type: string): void {
  // A body that is null is missing.
  if (leniency === 'null' && reader.path === '') return
  const position = reader.position()
  const { path, line, position: column } = position
  switch (leniency) {
    case 'member name': throw new ArmError('UnknownMember', { member: shortened(reader.value), type, ...position })
    case 'JSON syntax':
      throw new ArmError('LeniencyRefused', { mistake: `the body is not JSON at path '${path}', line ${line}, position ${column}` })
    case 'null': throw new ArmError('WrongType', { value: '{null}', type, ...position })
    case 'empty text': throw new ArmError('WrongType', { value: '""', type, ...position })
    case 'number': case 'boolean': throw new ArmError('WrongType', { value: shortened(reader.value), type, ...position })
  }
}
