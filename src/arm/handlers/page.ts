import { ArmError } from '../errors/arm-error.js'
import { keyIn, nextLink, type Paged } from '../responses/next-link.js'

/** The most values on a page, and the default. Recorded for resources: azure-sdk-for-js #18535; inferred for groups. */
const MOST = 1000

/** A page of Resource Manager's own lists, in its order. */
export interface Page<Value> {
  readonly value: readonly Value[]
  /** The URL of the next page, if there is one. */
  readonly nextLink?: string
}

/**
 * The page of a list that a request is for. `$top` is the length of a page, not of the list (recorded:
 * azure-sdk-for-python #541, azure-sdk-for-java #1451). The last page has no link, which is inferred.
 */
export function pageOf<Value extends { readonly id: string }> (values: readonly Value[], request: Paged,
  ignoresTop = false): Page<Value> {
  const { $top = MOST, $skiptoken = '' } = request.query as { readonly $top?: string, readonly $skiptoken?: string }
  const start = $skiptoken === '' ? 0 : indexOf($skiptoken, values)
  const end = start + (ignoresTop ? MOST : Number($top))
  const next = values[end]
  return { value: values.slice(start, end), ...next !== undefined && { nextLink: nextLink(next.id, request) } }
}

/** Inferred: a token that names no resource of the list gets an error. */
function indexOf (token: string, values: readonly { readonly id: string }[]): number {
  const key = keyIn(token)
  const index = values.findIndex(({ id }) => id === key)
  if (index < 0) throw new ArmError('InvalidSkipTokenInQueryString', { token })
  return index
}
