import type { Handlers, Services } from './contract.js'
import { operationHandlers } from './operations.js'
import { resourceHandlers } from './resources.js'
import { runCommandHandlers } from './run-commands.js'
import { virtualMachineHandlers } from './virtual-machines.js'

export function createHandlers (services: Services): Handlers {
  return {
    ...resourceHandlers(services),
    ...virtualMachineHandlers(services),
    ...runCommandHandlers(services),
    ...operationHandlers(services)
  }
}
