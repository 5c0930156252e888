import { wildcard } from '../core/wildcard.js'
import { OPERATION_IDS } from '../matching/operation-ids.js'
import type { Mistake } from '../validation/mistakes.js'
import { hint } from '../validation/nearest.js'
import type { Path } from '../validation/paths.js'

/** The mistake in a pattern of operationIds, if azrun serves no operation that matches it. */
export function operationMistakes (operation: string | undefined, path: Path): Mistake[] {
  if (operation === undefined || operationsLike(operation).length > 0) return []
  return [{ path, at: 'value', predicate: `is not an operation that azrun serves: '${operation}'${hint(operation, OPERATION_IDS)}` }]
}

/** The operations that match a pattern. */
export function operationsLike (pattern: string): string[] {
  const matches = wildcard(pattern.toLowerCase())
  return OPERATION_IDS.filter(id => matches(id.toLowerCase()))
}
