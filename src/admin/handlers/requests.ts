import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

export function requestHandlers (_services: Services): Pick<Handlers, 'Requests_List' | 'Requests_Clear' | 'Requests_Get' | 'Requests_ExportHar' | 'Requests_Verify'> {
  const notBuilt = () => { throw new AdminError(501, 'not built') }
  return {
    Requests_List: notBuilt,
    Requests_Clear: notBuilt,
    Requests_Get: notBuilt,
    Requests_ExportHar: notBuilt,
    Requests_Verify: notBuilt
  }
}
