import { mistakesOf, type Mistake } from '../validation/mistakes.js'
import { errorsOf } from '../validation/validator.js'
import { declarationMistakes } from './declarations.js'
import * as validators from './flag-validators.js'
import { configFlags } from './flags.js'

const flags = new Set(configFlags.map(({ name }) => name))

/**
 * Checks options from one source; `alsoKnown` are names that only this source has. The checks of options that are no
 * flags are loaded only if there are any: most starts have none.
 */
export async function checkOptions (values: unknown, alsoKnown: readonly string[] = []): Promise<readonly Mistake[]> {
  if (areFlags(values)) return mistakesOf(errorsOf(validators.flags, values), values)
  const { config } = await import('./validators.js')
  return [...mistakesOf(errorsOf(config, values), values, alsoKnown), ...declarationMistakes(values)]
}

function areFlags (values: unknown): boolean {
  return typeof values === 'object' && values !== null && !Array.isArray(values) &&
    Object.keys(values).every(name => flags.has(name))
}
