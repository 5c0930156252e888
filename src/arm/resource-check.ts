import type { FastifyRequest } from 'fastify'
import type { ResourceGroups } from '../core/resource-groups.js'
import type { ResourceId } from '../core/resource-id.js'
import type { ScaleSet, ScaleSets } from '../core/scale-sets.js'
import type { VirtualMachine, VirtualMachines } from '../core/virtual-machines.js'
import { headerEntries } from '../http/response.js'
import { ArmError } from './errors.js'
import { rateLimits } from './rate-limits.js'
import type { NamedResources } from './resource-ids.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the path names; undefined above a subscription. */
    named?: NamedResources | undefined
    /** The virtual machine or instance that the path names, itself or above what it names; only on routes of one. */
    vm: VirtualMachine
    /** The scale set, likewise. */
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
 * Finds the machine and the scale set that a path names, wherever in it, for the handler of its route. Throws Azure's
 * error for the first thing that is not there: the group, the scale set, the machine.
 */
export function createResourceCheck ({ resourceGroups, virtualMachines, scaleSets }: ResourceCheckOptions) {
  return (request: FastifyRequest): void => {
    const { resource, machine, scaleSet } = request.named ?? {}
    if (resource?.resourceGroup === undefined) return
    // The group that is made need not be there.
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

  /** What is done below a group would outlast it (inferred: recorded of the group itself). */
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
    throw request.operation?.isView ? viewNotFound(request) : resourceNotFound(id)
  }
}

/** The error of Resource Manager for a resource that is not there. */
export function resourceNotFound (id: ResourceId): ArmError {
  const { type, name } = shownAs(id)
  return new ArmError('ResourceNotFound', { type, name, resourceGroup: id.resourceGroup! })
}

/** The error for what is below a resource that is not there. */
function parentNotFound (id: ResourceId): ArmError {
  return new ArmError('ParentResourceNotFound', { parent: namesIn(id).join('/') })
}

/** Compute looks for the view of an instance itself (recorded: azcli_vmss_simulate_eviction). */
function viewNotFound ({ responseForm }: FastifyRequest): ArmError {
  return new ArmError('NotFound', {}, [...headerEntries(rateLimits.instance[responseForm]), 'x-ms-request-charge', '1'])
}

/** Type and name as messages show them: each type is followed by its name but the last one, which the name follows. */
export function shownAs (id: ResourceId): { readonly type: string, readonly name: string } {
  const [namespace, ...types] = id.type.split('/')
  const names = namesIn(id)
  const above = types.slice(0, -1).map((type, index) => `/${type}/${names[index]}`)
  return { type: `${namespace}${above.join('')}/${types.at(-1)}`, name: id.name }
}

/** The name of a resource, after those of the resources that it is below. */
function namesIn ({ text, type }: ResourceId): string[] {
  const count = type.split('/').length - 1
  return text.split('/').slice(-2 * count).filter((_, index) => index % 2 === 1)
}
