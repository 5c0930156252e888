import type { FastifyRequest } from 'fastify'
import type { ResourceId } from '../../core/resource-id.js'
import { isResourceGroupName } from '../../core/resource-names.js'
import type { ResourceGroups } from '../../resources/resource-groups.js'
import type { ScaleSet, ScaleSets } from '../../resources/scale-sets.js'
import type { VirtualMachine, VirtualMachines } from '../../resources/virtual-machines.js'
import { ArmError } from '../errors/arm-error.js'

const RESOURCE_GROUP = 'Microsoft.Resources/subscriptions/resourceGroups'

export interface ResourceFinderOptions {
  readonly resourceGroups: Pick<ResourceGroups, 'has' | 'isBeingDeleted' | 'isGone'>
  readonly virtualMachines: Pick<VirtualMachines, 'find'>
  readonly scaleSets: Pick<ScaleSets, 'find' | 'instance'>
}

/** A request's path and method. Its operation decides the errors of instances. */
export type Asked = Pick<FastifyRequest, 'named' | 'method'> & Partial<Pick<FastifyRequest, 'operation'>>

export interface FoundResources {
  /** The virtual machine or instance. */
  readonly vm?: VirtualMachine | undefined
  readonly scaleSet?: ScaleSet
}

const NOTHING: FoundResources = {}

/** Finds machines and scale sets by path. */
export function createResourceFinder ({ resourceGroups, virtualMachines, scaleSets }: ResourceFinderOptions) {
  return { find, exists }

  /** Throws Azure's error for the first one that does not exist: the group, the scale set, the machine. */
  function find (asked: Asked): FoundResources {
    const { method, named } = asked
    const { resource, machine, scaleSet } = named ?? {}
    if (resource?.resourceGroup === undefined) return NOTHING
    // A group that is to be created need not exist.
    if (method === 'PUT' && resource.type === RESOURCE_GROUP) return NOTHING
    if (resourceGroups.isGone(resource.subscriptionId, resource.resourceGroup)) requireGroup(resource)
    requireStaying(resource, method)
    if (scaleSet !== undefined) {
      const found = scaleSets.find(scaleSet) ?? missing(scaleSet, resource)
      return { scaleSet: found, vm: machine && instanceOf(found, machine, asked) }
    }
    if (machine !== undefined) return { vm: virtualMachines.find(machine) ?? missing(machine, resource) }
    requireGroup(resource)
    return NOTHING
  }

  /** Whether a request would find its resources. */
  function exists (asked: Asked): boolean {
    try {
      find(asked)
      return true
    } catch (error) {
      if (error instanceof ArmError) return false
      throw error
    }
  }

  function missing (id: ResourceId, resource: ResourceId): never {
    requireGroup(id)
    throw id === resource ? resourceNotFound(id) : parentNotFound(id)
  }

  function requireGroup ({ subscriptionId, resourceGroup, type }: ResourceId): void {
    if (resourceGroups.has(subscriptionId, resourceGroup!)) return
    // Recorded for the group itself: azure-cli #14481.
    if (type === RESOURCE_GROUP) requireGroupName(resourceGroup!)
    throw new ArmError('ResourceGroupNotFound', { resourceGroup: resourceGroup! })
  }

  /** Refuses changes below a group that is being deleted (inferred: recorded for the group itself). */
  function requireStaying ({ subscriptionId, resourceGroup, type }: ResourceId, method: string): void {
    if (type === RESOURCE_GROUP || !['PUT', 'PATCH', 'POST'].includes(method)) return
    if (!resourceGroups.isBeingDeleted(subscriptionId, resourceGroup!)) return
    throw new ArmError('ResourceGroupBeingDeleted', { resourceGroup: resourceGroup! })
  }

  function instanceOf (scaleSet: ScaleSet, id: ResourceId, asked: Asked): VirtualMachine | undefined {
    const { name: instanceId } = id
    const { method, named, operation } = asked
    if (instanceId === '*' && operation?.takesAllInstances) return undefined
    if (!/^\d+$/.test(instanceId)) throw new ArmError('InstanceIdNotNumber')
    const found = scaleSets.instance(scaleSet, instanceId)
    if (found !== undefined) return found
    if (named?.resource !== id) throw parentNotFound(id)
    if (method === 'POST') throw new ArmError('InstanceNotActive', { instanceId })
    throw operation?.isView ? viewNotFound() : resourceNotFound(id)
  }
}

/** Throws unless a resource group can have this name. */
export function requireGroupName (name: string): void {
  if (isResourceGroupName(name)) return
  // Each of them, as often as it occurs (recorded: microsoft-foundry-for-vscode #53).
  const characters = name.replaceAll(/[\p{L}\p{Nd}_().-]/gu, '') || '.'
  throw new ArmError('InvalidResourceGroupName', { name, characters })
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
