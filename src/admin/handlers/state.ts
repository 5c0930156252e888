import { Scope } from '../../core/scope.js'
import { OptionError } from '../../core/usage-error.js'
import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'
import { longList } from '../long-list.js'

/** Lets tests reset azrun, wholly or in part, and save its state. */
export function stateHandlers ({ reset, state }: Pick<Services, 'reset' | 'state'>):
Pick<Handlers, 'State_Reset' | 'State_Get'> {
  return {
    State_Reset: async ({ body }) => ({ body: { dropped: await reset(scopeOf(body)) } }),
    State_Get: async () => longList(await state())
  }
}

function scopeOf (names: Parameters<typeof Scope.of>[0]): Scope {
  try {
    return Scope.of(names)
  } catch (error) {
    if (!(error instanceof OptionError)) throw error
    throw new AdminError(400, `'${error.option}' ${error.predicate}`, { target: error.option })
  }
}
