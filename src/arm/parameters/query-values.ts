import type { FastifyRequest } from 'fastify'
import type { Query } from '../../http/query.js'
import { ArmError } from '../errors/arm-error.js'
import type { QueryParameter } from './query-parameters.js'

/** Throws for the first parameter that violates its rule. The error is inferred. */
export function checkQueryValues ({ query }: FastifyRequest, parameters: readonly QueryParameter[]): void {
  for (const { name, rule } of parameters) {
    const sent = rule && (query as Readonly<Query>)[name]
    if (sent === undefined || rule!.allows(`${sent}`)) continue
    throw new ArmError('InvalidValue', { parameter: name, value: `${sent}`, rule: rule!.words })
  }
}
