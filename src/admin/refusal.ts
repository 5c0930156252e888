import type { Mistake } from '../validation/mistakes.js'
import { textOf } from '../validation/paths.js'
import { AdminError } from './errors.js'

/** The most mistakes that an error shows. */
const MOST_SHOWN = 20

/**
 * Throws an error for the first mistake, if there is any. The error also says how many others there are, and has the
 * first 20 as its details. `areSome` means that there are more than `mistakes`.
 */
export function refuse (mistakes: readonly Mistake[], areSome = false): void {
  const [first, ...others] = mistakes.slice(0, MOST_SHOWN).map(detailOf)
  if (first === undefined) return
  const { message, target } = first
  if (others.length === 0) throw new AdminError(400, message, { target })
  const more = `(and ${areSome ? 'at least ' : ''}${mistakes.length - 1} more)`
  throw new AdminError(400, `${message} ${more}`, { target, details: [first, ...others] })
}

function detailOf ({ path, predicate }: Mistake) {
  const target = path.length === 0 ? 'body' : textOf(path)
  return { message: `'${target}' ${predicate}`, target }
}
