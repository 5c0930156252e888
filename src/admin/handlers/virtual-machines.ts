import { AdminError } from '../errors.js'
import type { Handlers, Services } from '../handler-types.js'

export function virtualMachineHandlers (_services: Services): Pick<Handlers, 'VirtualMachines_Read' | 'VirtualMachines_Declare' | 'VirtualMachines_Remove'> {
  const notBuilt = () => { throw new AdminError(501, 'not built') }
  return {
    VirtualMachines_Read: notBuilt,
    VirtualMachines_Declare: notBuilt,
    VirtualMachines_Remove: notBuilt
  }
}
