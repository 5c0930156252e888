import type { FastifyRequest } from 'fastify'
import type { ResourceGroups } from '../core/resource-groups.js'
import type { ResourceId } from '../core/resource-id.js'
import type { ScaleSet, ScaleSets } from '../core/scale-sets.js'
import type { VirtualMachine, VirtualMachines } from '../core/virtual-machines.js'
import { ArmError } from './errors.js'
import type { NamedResources } from './resource-ids.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** The resources in the path; undefined above a subscription. */
    named?: NamedResources | undefined
    /** The virtual machine or instance in the path. Only on routes at or below one. */
    vm: VirtualMachine
    /** The scale set in the path, likewise. */
    scaleSet: ScaleSet
  }
}

const RESOURCE_GROUP = 'Microsoft.Resources/subscriptions/resourceGroups'

export interface ResourceCheckOptions {
  readonly resourceGroups: ResourceGroups
  readonly virtualMachines: VirtualMachines
  readonly scaleSets: ScaleSets
}

/**
 * Finds the machine and the scale set in a path, for the handler of its route. Throws Azure's error for the first one
 * that does not exist: the group, the scale set, the machine.
 */
export function createResourceCheck ({ resourceGroups, virtualMachines, scaleSets }: ResourceCheckOptions) {
  return (request: FastifyRequest): void => {
    const { resource, machine, scaleSet } = request.named ?? {}
    if (resource?.resourceGroup === undefined) return
    // A group that is to be created need not exist.
    if (request.method === 'PUT' && resource.type === RESOURCE_GROUP) return
    if (resourceGroups.isGone(resource.subscriptionId, resource.resourceGroup)) requireGroup(resource)
    requireStaying(resource, request)
    if (scaleSet !== undefined) {
      const found = scaleSets.find(scaleSet) ?? missing(scaleSet, resource)
      request.scaleSet = found
      const vm = machine && instanceOf(found, machine, request)
      if (vm !== undefined) request.vm = vm
    } else if (machine !== undefined) {
      request.vm = virtualMachines.find(machine) ?? missing(machine, resource)
    } else {
      requireGroup(resource)
    }
  }

  function missing (id: ResourceId, resource: ResourceId): never {
    requireGroup(id)
    throw id === resource ? resourceNotFound(id) : parentNotFound(id)
  }

  function requireGroup ({ subscriptionId, resourceGroup }: ResourceId): void {
    if (resourceGroups.has(subscriptionId, resourceGroup!)) return
    throw new ArmError('ResourceGroupNotFound', { resourceGroup: resourceGroup! })
  }

  /** Refuses changes below a group that is being deleted (inferred: recorded for the group itself). */
  function requireStaying ({ subscriptionId, resourceGroup, type }: ResourceId, { method }: FastifyRequest): void {
    if (type === RESOURCE_GROUP || !['PUT', 'PATCH', 'POST'].includes(method)) return
    if (!resourceGroups.isBeingDeleted(subscriptionId, resourceGroup!)) return
    throw new ArmError('ResourceGroupBeingDeleted', { resourceGroup: resourceGroup! })
  }

  function instanceOf (scaleSet: ScaleSet, id: ResourceId, request: FastifyRequest): VirtualMachine | undefined {
    const { name: instanceId } = id
    if (instanceId === '*' && request.operation?.takesAllInstances) return undefined
    if (!/^\d+$/.test(instanceId)) throw new ArmError('InstanceIdNotNumber')
    const found = scaleSets.instance(scaleSet, instanceId)
    if (found !== undefined) return found
    if (request.resourceId !== id) throw parentNotFound(id)
    if (request.method === 'POST') throw new ArmError('InstanceNotActive', { instanceId })
    throw request.operation?.isView ? viewNotFound() : resourceNotFound(id)
  }
}

/** Resource Manager's error for a resource that does not exist. */
export function resourceNotFound (id: ResourceId): ArmError {
  const { type, name } = shownAs(id)
  return new ArmError('ResourceNotFound', { type, name, resourceGroup: id.resourceGroup! })
}

/** The error for a resource whose parent does not exist. */
function parentNotFound (id: ResourceId): ArmError {
  return new ArmError('ParentResourceNotFound', { parent: namesIn(id).join('/') })
}

/** Compute's own error for the view of a missing instance (recorded: azcli_vmss_simulate_eviction). */
function viewNotFound (): ArmError {
  const error = new ArmError('NotFound')
  error.charge = 1
  return error
}

/** Type and name for messages. The type includes the names of the parents. */
export function shownAs (id: ResourceId): { readonly type: string, readonly name: string } {
  const [namespace, ...types] = id.type.split('/')
  const names = namesIn(id)
  const above = types.slice(0, -1).map((type, index) => `/${type}/${names[index]}`)
  return { type: `${namespace}${above.join('')}/${types.at(-1)}`, name: id.name }
}

/** The names of a resource's parents, then its own. */
function namesIn ({ text, type }: ResourceId): string[] {
  const count = type.split('/').length - 1
  return text.split('/').slice(-2 * count).filter((_, index) => index % 2 === 1)
}
