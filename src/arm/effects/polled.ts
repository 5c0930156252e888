import type { FastifyRequest } from 'fastify'
import { then, type MaybePromise } from '../../core/maybe-promise.js'
import { machineNameIn, resourceGroupIn } from '../../core/resource-id.js'
import type { Polled } from '../../http/scenario-hook.js'
import type { Journal } from '../../journal/journal.js'
import type { Operations } from '../../operations/operations.js'
import type { ResourceGroups } from '../../resources/resource-groups.js'
import { deletedGroup } from '../operations/deletion-urls.js'

export interface PolledOptions {
  readonly journal: Pick<Journal, 'startOf'>
  readonly operations: Pick<Operations, 'get'>
  readonly resourceGroups: Pick<ResourceGroups, 'deletionOf'>
}

type Params = Readonly<Partial<Record<'subscriptionId' | 'operationId' | 'operationResultId', string>>>

/**
 * Returns a function that finds the operation which a request polls. The journal has the request that started it. If
 * that has been dropped or deleted, only the names of its resource are known.
 */
export function createPolledBy ({ journal, operations, resourceGroups }: PolledOptions):
(request: FastifyRequest) => MaybePromise<Polled | undefined> {
  return ({ params, resourceId }) => {
    const { subscriptionId, operationId: sent, operationResultId } = params as Params
    if (operationResultId !== undefined) return deletion(subscriptionId!, operationResultId)
    if (sent === undefined) return undefined
    const operationId = sent.toLowerCase()
    const start = journal.startOf(operationId)
    if (start !== undefined) return { operationId, ...start }
    return then(operations.get(resourceId!), operation =>
      ({ operationId, ...operation && namesIn(operation.resourceId) }))
  }

  function deletion (subscriptionId: string, job: string): Polled {
    const group = deletedGroup(subscriptionId, job)
    return group === undefined
      ? {}
      : { operationId: resourceGroups.deletionOf(subscriptionId, group.name), resourceGroup: group.name }
  }
}

function namesIn (path: string): Polled {
  return { resourceGroup: resourceGroupIn(path), vmName: machineNameIn(path) }
}
