import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

export function clockHandlers (_services: Services): Pick<Handlers, 'Clock_Get' | 'Clock_Move'> {
  const notBuilt = () => { throw new AdminError(501, 'not built') }
  return {
    Clock_Get: notBuilt,
    Clock_Move: notBuilt
  }
}
