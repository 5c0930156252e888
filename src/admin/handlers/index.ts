import type { Handlers, Services } from '../handler-types.js'
import { clockHandlers } from './clock.js'
import { eventHandlers } from './events.js'
import { reportHandlers } from './reports.js'
import { requestHandlers } from './requests.js'
import { scaleSetHandlers } from './scale-sets.js'
import { scenarioHandlers } from './scenarios.js'
import { stateHandlers } from './state.js'
import { virtualMachineHandlers } from './virtual-machines.js'

/** The handlers of all operations. */
export function createHandlers (services: Services): Handlers {
  return {
    ...scenarioHandlers(services),
    ...requestHandlers(services),
    ...eventHandlers(services),
    ...reportHandlers(services),
    ...clockHandlers(services),
    ...stateHandlers(services),
    ...virtualMachineHandlers(services),
    ...scaleSetHandlers(services)
  }
}
