import type { FastifyRequest } from 'fastify'
import { INSTANCE, resourceId, SCALE_SET, VIRTUAL_MACHINE, type ResourceId } from '../core/resource-id.js'

interface PathParameters {
  readonly subscriptionId?: string
  readonly resourceGroupName?: string
  readonly vmName?: string
  readonly vmScaleSetName?: string
}

/** What a path names: the resource that something is done to, and those that it belongs to. */
export interface NamedResources {
  readonly resource: ResourceId
  /** The virtual machine or the instance of a scale set: the resource itself, or what it is below. */
  readonly machine?: ResourceId | undefined
  readonly scaleSet?: ResourceId | undefined
}

/** Segments of a path, the empty first one included, up to the name of a resource and up to the id of an instance. */
const RESOURCE = 9
const INSTANCE_SEGMENTS = 11

/** Ids of resources by their paths. Requests share them, and so do the operations that are kept: no URL is kept. */
export class ResourceIds {
  static readonly #CAPACITY = 256
  readonly #inGroups = new Map<string, NamedResources>()

  /** The resource that the action is done to, which is the path without the name of the action, and what it is in. */
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

/** The path of the resource: without its query, and without the action that is done to it or the view of it. */
function resourcePath ({ url, method, operation }: FastifyRequest): string {
  // Where the router stops as well: what follows need not be a valid path.
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
