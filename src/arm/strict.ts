import type { FastifyRequest } from 'fastify'
import type { Query } from '../http/query.js'
import { ArmError } from './errors/arm-error.js'
import { shortened, type JsonReader } from './json/reader.js'
import type { Leniency } from './json/scanner.js'
import { queryLeniencies } from './parameters/lenient-query.js'
import type { QueryParameter } from './parameters/query-parameters.js'

/** Refuses what Azure accepts in a query against the contract. */
export function refuseLenientQuery ({ query }: FastifyRequest, parameters: readonly QueryParameter[]): void {
  const [first] = queryLeniencies(query as Query, parameters)
  if (first === undefined) return
  const { name, text, isValue = false } = first
  if (!isValue) throw new ArmError('LeniencyRefused', { mistake: text })
  const { rule } = parameters.find(each => each.name === name)!
  const mistake = `query parameter '${name}' is '${(query as Query)[name]}', and it ${rule!.words}`
  throw new ArmError('LeniencyRefused', { mistake })
}

/**
 * Refuses what Azure accepts in a body against the contract, with Azure's error for similar mistakes. For invalid JSON
 * Azure has none.
 */
export function refuseLeniency (leniency: Leniency, reader: JsonReader, type: string): void {
  // A null body counts as missing.
  if (leniency === 'null' && reader.path === '') return
  const place = reader.position()
  const { path, line, position } = place
  switch (leniency) {
    case 'member name': throw new ArmError('UnknownMember', { member: shortened(reader.value), type, ...place })
    case 'JSON syntax': {
      const mistake = `the body is not JSON at path '${path}', line ${line}, position ${position}`
      throw new ArmError('LeniencyRefused', { mistake })
    }
    case 'null': throw new ArmError('WrongType', { value: '{null}', type, ...place })
    case 'empty text': throw new ArmError('WrongType', { value: '""', type, ...place })
    case 'number': case 'boolean': case 'text': throw new ArmError('WrongType', { value: shortened(reader.value), type, ...place })
  }
}
