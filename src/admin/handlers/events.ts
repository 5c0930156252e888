import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

export function eventHandlers (_services: Services): Pick<Handlers, 'Events_Stream'> {
  const notBuilt = () => { throw new AdminError(501, 'not built') }
  return {
    Events_Stream: notBuilt
  }
}
