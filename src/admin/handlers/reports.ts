import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

export function reportHandlers (_services: Services): Pick<Handlers, 'Reports_Get'> {
  const notBuilt = () => { throw new AdminError(501, 'not built') }
  return {
    Reports_Get: notBuilt
  }
}
