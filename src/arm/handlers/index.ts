import { OperationCourses } from '../operations/courses.js'
import { OperationResponses } from '../operations/response.js'
import type { Handlers, Services } from './handler-types.js'
import { managedRunCommandHandlers } from './managed/run-commands.js'
import { networkHandlers } from './network.js'
import { operationHandlers } from './operations.js'
import { powerHandlers } from './power.js'
import { resourceGraphHandlers } from './resource-graph.js'
import { deletionHandlers } from './resource-group-deletion.js'
import { resourceGroupHandlers } from './resource-groups.js'
import { resourceListHandlers } from './resource-lists.js'
import { resourceProviderHandlers } from './resource-providers.js'
import { documentHandlers } from './run-command-documents.js'
import { runCommandHandlers } from './run-command.js'
import { instanceHandlers } from './scale-set-instances.js'
import { scaleSetHandlers } from './scale-sets.js'
import { subscriptionHandlers } from './subscriptions.js'
import { virtualMachineHandlers } from './virtual-machines.js'

export function createHandlers (services: Services): Handlers {
  const { clock, log, random, settings: { operationUrls, pace } } = services
  const courses = new OperationCourses({ form: operationUrls, pace, clock, random, log })
  const responses = new OperationResponses(courses)
  return {
    ...subscriptionHandlers(services),
    ...resourceGroupHandlers(services),
    ...deletionHandlers(services, courses),
    ...resourceProviderHandlers(services),
    ...resourceListHandlers(services),
    ...virtualMachineHandlers(services),
    ...networkHandlers(services),
    ...resourceGraphHandlers(services),
    ...powerHandlers(services, responses),
    ...scaleSetHandlers(services),
    ...instanceHandlers(services),
    ...runCommandHandlers(services, responses),
    ...managedRunCommandHandlers(services, responses),
    ...documentHandlers(services),
    ...operationHandlers(services, responses, courses)
  }
}
