import type { Query } from '../http/query.js'
import type { QueryParameter } from './query-parameters.js'

/** Something that Azure lets pass in a query although the contract forbids it. */
export interface QueryLeniency {
  /** As it was sent. */
  readonly name: string
  /** What is wrong, with the value and what to do. */
  readonly text: string
  /** Whether the value is one that differs in case from one of the contract's. */
  readonly isValue?: boolean
}

/** Parameters that the operation does not have, or not in this case; that are repeated; values in the wrong case. */
export function queryLeniencies (query: Readonly<Query>,
  parameters: readonly QueryParameter[]): QueryLeniency[] {
  return Object.entries(query).flatMap(([name, sent]) => {
    const known = parameters.find(each => each.name === name)
    if (known === undefined) return [unknown(name, parameters)]
    if (typeof sent !== 'string') {
      return [{ name, text: `query parameter '${name}' is sent ${sent.length} times, and the first counts: send it once` }]
    }
    const meant = known.values?.find(value => value !== sent && value.toLowerCase() === sent.toLowerCase())
    if (meant === undefined) return []
    return [{ name, isValue: true, text: `the value '${sent}' of query parameter '${name}' has the wrong case: write '${meant}'` }]
  })
}

function unknown (name: string, parameters: readonly QueryParameter[]): QueryLeniency {
  const meant = parameters.find(each => each.name.toLowerCase() === name.toLowerCase())
  if (meant !== undefined) return { name, text: `query parameter '${name}' has the wrong case: write '${meant.name}'` }
  return { name, text: `query parameter '${name}' is not in the contract: remove it` }
}
