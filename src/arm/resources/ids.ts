import type { FastifyRequest } from 'fastify'
import { INSTANCE, resourceId, SCALE_SET, VIRTUAL_MACHINE, type ResourceId } from '../../core/resource-id.js'

interface PathParameters {
  readonly subscriptionId?: string
  readonly resourceGroupName?: string
  readonly vmName?: string
  readonly vmScaleSetName?: string
}

/** The resources in a path: the target and its parents. */
export interface NamedResources {
  readonly resource: ResourceId
  /** The virtual machine or the instance of a scale set: the resource itself or a parent. */
  readonly machine?: ResourceId | undefined
  readonly scaleSet?: ResourceId | undefined
}

/** The number of path segments, with the empty first one, up to a resource's name and up to an instance's id. */
const RESOURCE = 9
const INSTANCE_SEGMENTS = 11

/** Caches ids of resources by path. Requests and stored operations share them, so that no URL stays in memory. */
export class ResourceIds {
  static readonly #CAPACITY = 256
  readonly #inGroups = new Map<string, NamedResources>()

  /** The resource of a request (its path without the name of an action) and its parents. */
  of (request: FastifyRequest): NamedResources | undefined {
    const { subscriptionId, resourceGroupName } = request.params as PathParameters
    if (subscriptionId === undefined) return undefined
    const path = resourcePath(request)
    const type = request.operation?.resourceType ?? ''
    if (resourceGroupName === undefined) return { resource: idOf(path, type, request) }
    return this.#kept(path, () => this.#named(path, type, request))
  }

  #named (path: string, type: string, request: FastifyRequest): NamedResources {
    const { vmName, vmScaleSetName } = request.params as PathParameters
    const resource = idOf(path, type, request)
    const segments = path.split('/')
    const upTo = (count: number, typeThere: string) => {
      if (segments.length <= count) return segments.length === count ? resource : undefined
      const above = segments.slice(0, count).join('/')
      return this.#kept(above, () => this.#named(above, typeThere, request)).resource
    }
    if (vmName !== undefined) return { resource, machine: upTo(RESOURCE, VIRTUAL_MACHINE) }
    if (vmScaleSetName === undefined) return { resource }
    return { resource, scaleSet: upTo(RESOURCE, SCALE_SET), machine: upTo(INSTANCE_SEGMENTS, INSTANCE) }
  }

  #kept (path: string, create: () => NamedResources): NamedResources {
    let named = this.#inGroups.get(path)
    if (named === undefined) {
      named = create()
      if (this.#inGroups.size === ResourceIds.#CAPACITY) this.#inGroups.clear()
      this.#inGroups.set(path, named)
    }
    return named
  }
}

/** The path of the resource, without query, action or view. */
function resourcePath ({ url, method, operation }: FastifyRequest): string {
  // The router stops here, too. The rest need not be a valid path.
  const end = url.search(/[?#]/)
  let path = end === -1 ? url : url.slice(0, end)
  while (path.endsWith('/')) path = path.slice(0, -1)
  return method === 'POST' || operation?.isView ? path.slice(0, path.lastIndexOf('/')) : path
}

function idOf (path: string, type: string, { params }: FastifyRequest): ResourceId {
  const { subscriptionId, resourceGroupName } = params as PathParameters
  const name = decoded(path.slice(path.lastIndexOf('/') + 1))
  return resourceId(decoded(path), { subscriptionId: subscriptionId!, resourceGroup: resourceGroupName, type, name })
}

function decoded (path: string): string {
  return path.includes('%') ? decodeURIComponent(path) : path
}
