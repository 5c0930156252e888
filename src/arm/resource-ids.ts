import type { FastifyRequest } from 'fastify'
import { resourceId, type ResourceId } from '../core/resource-id.js'

interface PathParameters {
  readonly subscriptionId?: string
  readonly resourceGroupName?: string
}

/** Ids of resources by their paths. Requests share them, and so do the operations that are kept: no URL is kept. */
export class ResourceIds {
  static readonly #CAPACITY = 256
  readonly #inGroups = new Map<string, ResourceId>()

  /** The resource that the action is done to: the path, without the name of the action. */
  of (request: FastifyRequest): ResourceId | undefined {
    const { subscriptionId, resourceGroupName } = request.params as PathParameters
    if (subscriptionId === undefined) return undefined
    const path = resourcePath(request)
    if (resourceGroupName === undefined) return idOf(path, request)
    let id = this.#inGroups.get(path)
    if (id === undefined) {
      if (this.#inGroups.size === ResourceIds.#CAPACITY) this.#inGroups.clear()
      this.#inGroups.set(path, id = idOf(path, request))
    }
    return id
  }
}

/** The path of the resource: without its query, and without the action that is done to it or the view of it. */
function resourcePath ({ url, method, routeOptions: { config } }: FastifyRequest): string {
  // Where the router stops as well: what follows need not be a valid path.
  const end = url.search(/[?#]/)
  let path = end === -1 ? url : url.slice(0, end)
  while (path.endsWith('/')) path = path.slice(0, -1)
  return method === 'POST' || config.isView ? path.slice(0, path.lastIndexOf('/')) : path
}

function idOf (path: string, { params, routeOptions: { config } }: FastifyRequest): ResourceId {
  const { subscriptionId, resourceGroupName } = params as PathParameters
  const name = decoded(path.slice(path.lastIndexOf('/') + 1))
  return resourceId(decoded(path), {
    subscriptionId: subscriptionId!, resourceGroup: resourceGroupName, type: config.resourceType ?? '', name
  })
}

function decoded (path: string): string {
  return path.includes('%') ? decodeURIComponent(path) : path
}
