import { InOrder } from '../../core/in-order.js'
import { then } from '../../core/maybe-promise.js'
import { isAtOrBelow, pathKeyOf, resourceGroupKey, type ResourceId } from '../../core/resource-id.js'
import type { RecordKey } from '../../core/store.js'
import { operationsPath, preemption, type Operation } from '../../operations/operation.js'
import type { ResourceGroup } from '../../resources/resource-groups.js'
import { idleInGroupDeletion } from '../effects/idle.js'
import { ArmError } from '../errors/arm-error.js'
import type { OperationCourses } from '../operations/courses.js'
import { deletedGroup, deletionUrl } from '../operations/deletion-urls.js'
import type { ArmResponse } from '../responses/arm-response.js'
import type { ArmRequest, Handlers, Services } from './handler-types.js'
import { createHold } from './hold.js'
import { createStart } from './start-operation.js'

type DeletionHandlers = Pick<Handlers, 'ResourceGroups_Delete' | 'OperationResults_Get'>

/**
 * The deletion of resource groups, which is an operation of Resource Manager itself. It has only a Location: polls get
 * 202 with the same Location until it has ended, then 200 without a body (recorded: azure-sdk-for-js, azure-xplat-cli).
 */
export function deletionHandlers (services: Services, courses: OperationCourses): DeletionHandlers {
  const { operations, resourceGroups, store } = services
  const hold = createHold(services)
  const startOperation = createStart(services)
  const inOrder = new InOrder()
  return {
    ResourceGroups_Delete: request => {
      const { subscriptionId, resourceGroupName } = request.params
      const group = resourceGroups.find(subscriptionId, resourceGroupName)!
      // Deleting a group that is being deleted returns the same operation.
      const begun = inOrder.do(resourceGroupKey(subscriptionId, resourceGroupName), () =>
        resourceGroups.isBeingDeleted(subscriptionId, resourceGroupName)
          ? operations.get(keyOf(group, resourceGroups.deletionOf(subscriptionId, resourceGroupName)!))
          : start(request, group))
      return then(begun, operation => {
        if (operation === undefined) throw new ArmError('ResourceGroupBeingDeleted', { resourceGroup: group.name })
        courses.begin(operation)
        return inProgress(request, group, operation)
      })
    },
    OperationResults_Get: request => {
      const { subscriptionId, operationResultId } = request.params
      const missing = () => new ArmError('OperationResultNotFound', { id: operationResultId })
      const group = deletedGroup(subscriptionId, operationResultId)
      const id = group && resourceGroups.deletionOf(subscriptionId, group.name)
      if (group === undefined || id === undefined) throw missing()
      request.polledOperation = id
      return then(operations.get(keyOf(group, id)), found => {
        if (found === undefined) throw missing()
        return then(hold(found, courses.next(found)), operation => {
          if (operation.status === 'InProgress') return inProgress(request, group, operation)
          if (operation.status !== 'Succeeded') throw new ArmError('DeletionFailed', operation.error)
          return { status: 200, layer: 'gateway' } as const
        })
      })
    }
  }

  function start (request: ArmRequest<'ResourceGroups_Delete'>, group: ResourceGroup) {
    const resourceId = request.resourceId!
    const started = startOperation(request, {
      resourceId,
      targetName: group.name,
      location: group.location,
      idle: idleInGroupDeletion(request.effects),
      run: () => {
        resourceGroups.beginDeletion(group)
        // Inferred: runs in the group end as if their machines were deleted.
        const canceled = operations.cancel(({ resourceId: each }) => isBelow(each, resourceId), preemption())
        return then(canceled, () => ({}))
      },
      ended: ({ status }) => {
        const isGone = status === 'Succeeded'
        resourceGroups.endDeletion(group, isGone)
        return isGone ? store.clear(`${pathKeyOf(resourceId)}/`) : undefined
      }
    })
    return then(started, operation => {
      resourceGroups.noteDeletion(group, operation.id)
      return operation
    })
  }

  function inProgress (request: ArmRequest<'ResourceGroups_Delete' | 'OperationResults_Get'>, group: ResourceGroup,
    operation: Operation): ArmResponse {
    const headers = ['Location', deletionUrl(group, request), ...courses.retryAfterOf(operation)]
    return { status: 202, layer: 'gateway', headers }
  }
}

function keyOf ({ subscriptionId, location }: ResourceGroup, operationId: string): RecordKey {
  return { collectionKey: operationsPath({ subscriptionId, location }).toLowerCase(), nameKey: operationId }
}

function isBelow (id: ResourceId, group: ResourceId): boolean {
  return isAtOrBelow(id, group) && !isAtOrBelow(group, id)
}
