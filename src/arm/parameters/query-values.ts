import type { FastifyRequest } from 'fastify'
import type { Query } from '../../http/query.js'
import { ArmError } from '../errors/arm-error.js'
import { invalidValue } from '../errors/invalid-value.js'
import type { QueryParameter, QueryRule } from './query-parameters.js'

/**
 * The value of a parameter. Azure joins those of a repeated one with commas (recorded for api-version: azure-powershell
 * #16615, autorest.typescript #1035; for $filter: azure-sdk-for-python #23561).
 */
export function joined (sent: string | readonly string[]): string {
  return typeof sent === 'string' ? sent : sent.join(',')
}

/** Throws for the first parameter that violates its rule. Inferred: which parameters get the error of a body. */
export function checkQueryValues ({ query }: FastifyRequest, parameters: readonly QueryParameter[]): void {
  for (const { name, rule } of parameters) {
    const sent = rule && (query as Readonly<Query>)[name]
    if (sent === undefined || rule!.allows(joined(sent))) continue
    if (name === '$expand') throw new ArmError('InvalidExpand')
    const value = joined(sent)
    throw name === '$top' ? invalidTop(value, rule!) : invalidValue({ parameter: name, value, rule: rule!.words })
  }
}

/** Only Resource Manager's own lists have `$top`. */
function invalidTop (value: string, { words, most }: QueryRule): ArmError {
  const error = new ArmError('InvalidTopInQueryString', { most: most! })
  error.help = `'${value}' ${words}.`
  return error
}

/** Gives each parameter the one value that its handler reads. */
export function joinRepeated ({ query }: FastifyRequest, parameters: readonly QueryParameter[]): void {
  const values = query as Query
  for (const { name } of parameters) {
    const sent = values[name]
    if (typeof sent === 'object') values[name] = joined(sent)
  }
}
