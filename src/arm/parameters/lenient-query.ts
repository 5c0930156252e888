import type { Query } from '../../http/query.js'
import type { QueryParameter } from './query-parameters.js'

/** Something that Azure accepts in a query although the contract forbids it. */
export interface QueryLeniency {
  /** The name as sent. */
  readonly name: string
  /** A message with the mistake, the value and what to do. */
  readonly text: string
  /** Whether the value differs from one of the contract's only in case. */
  readonly isValue?: boolean
}

/** Finds unknown and repeated parameters, and names and values in the wrong case. */
export function queryLeniencies (query: Readonly<Query>,
  parameters: readonly QueryParameter[]): QueryLeniency[] {
  return Object.entries(query).flatMap(([name, sent]) => {
    const known = parameters.find(each => each.name === name)
    if (known === undefined) return [unknown(name, parameters)]
    if (typeof sent !== 'string') {
      return [{ name, text: `query parameter '${name}' is sent ${sent.length} times, and Azure joins its values with commas: send it once` }]
    }
    if (known.isList === true) return sent.split(',').flatMap(each => unknownItem(known, each.trim()))
    const meant = known.values?.find(value => value !== sent && value.toLowerCase() === sent.toLowerCase())
    if (meant === undefined) return []
    return [{ name, isValue: true, text: `the value '${sent}' of query parameter '${name}' has the wrong case: write '${meant}'` }]
  })
}

/** What is wrong with a value of a list, which the contract does not have or has in another case. */
function unknownItem ({ name, values = [] }: QueryParameter, item: string): QueryLeniency[] {
  if (item === '' || values.includes(item)) return []
  const meant = values.find(value => value.toLowerCase() === item.toLowerCase())
  const text = meant === undefined
    ? `the value '${item}' of query parameter '${name}' is not one of ${values.join(', ')}: leave it out`
    : `the value '${item}' of query parameter '${name}' has the wrong case: write '${meant}'`
  return [{ name, text }]
}

function unknown (name: string, parameters: readonly QueryParameter[]): QueryLeniency {
  const meant = parameters.find(each => each.name.toLowerCase() === name.toLowerCase())
  if (meant !== undefined) return { name, text: `query parameter '${name}' has the wrong case: write '${meant.name}'` }
  return { name, text: `query parameter '${name}' is not in the contract: remove it` }
}
