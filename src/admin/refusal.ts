import type { Mistake } from '../validation/mistakes.js'
import { textOf } from '../validation/paths.js'
import { AdminError } from './errors.js'

/**
 * Throws for the first mistake, and says how many others there are; does nothing if there is none. `areSome` means that
 * others have not been counted.
 */
export function refuse (mistakes: readonly Mistake[], areSome = false): void {
  const [first, ...others] = mistakes
  if (first === undefined) return
  const target = first.path.length === 0 ? 'body' : textOf(first.path)
  const more = others.length === 0 ? '' : ` (and ${areSome ? 'at least ' : ''}${others.length} more)`
  throw new AdminError(400, `'${target}' ${first.predicate}${more}`, { target })
}
