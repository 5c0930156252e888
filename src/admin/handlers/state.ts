import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

export function stateHandlers (_services: Services): Pick<Handlers, 'State_Reset' | 'State_Get'> {
  const notBuilt = () => { throw new AdminError(501, 'not built') }
  return {
    State_Reset: notBuilt,
    State_Get: notBuilt
  }
}
