import { resourceGroupKey, SCALE_SET, VIRTUAL_MACHINE, type ResourceId } from '../core/resource-id.js'
import { isResourceGroupName } from '../core/resource-names.js'
import { Scope } from '../core/scope.js'

/** A resource group with only its declared machines and scale sets, if any. */
export interface ResourceGroupDeclaration {
  readonly subscriptionId: string
  readonly name: string
}

/** A declared resource. It never changes. */
export interface DeclaredResource {
  readonly id: ResourceId
}

export interface DeclaredGroupsOptions {
  /** Groups in addition to those of `resources`. */
  readonly resourceGroups?: readonly ResourceGroupDeclaration[]
  /** The resources that exist at the start. */
  readonly resources?: readonly DeclaredResource[]
  /** Only declared groups exist. Default: a group that is not declared exists, and so does everything in it. */
  readonly strict?: boolean
}

/** The types that can be declared. A group with a declared resource has no undeclared ones of any of these types. */
const TYPES = [VIRTUAL_MACHINE, SCALE_SET] as const

type Resources = Map<string, DeclaredResource>

/** A declared resource group, with the resources of each type by name. */
interface Group {
  readonly key: string
  readonly name: string
  readonly resources: ReadonlyMap<string, Resources>
  /** Its resources at the start; undefined for a group that was declared later. */
  initial?: DeclaredResource[]
}

/** A subscription with declared resource groups, by their keys. */
interface Subscription {
  readonly subscriptionId: string
  readonly groups: Map<string, Group>
}

/**
 * The resource groups that hold only declared resources, and these resources. `VirtualMachines` and `ScaleSets` share
 * it. Names are case-insensitive, as on Azure. A request needs only map lookups.
 */
export class DeclaredGroups {
  #strict = false
  readonly #subscriptions = new Map<string, Subscription>()
  readonly #groups = new Map<string, Group>()
  /** The same resources by collection key, which a request already has. */
  readonly #collections = new Map<string, Resources>()

  constructor (options: DeclaredGroupsOptions = {}) {
    this.redeclare(options)
  }

  /** Whether an undeclared group of this name exists, with everything in it. Azure must permit the name. */
  hasUndeclared (resourceGroup: string): boolean {
    return !this.#strict && isResourceGroupName(resourceGroup)
  }

  /** Replaces all declarations, those of the start and later ones. */
  redeclare ({ resourceGroups = [], resources = [], strict = false }: DeclaredGroupsOptions): void {
    this.#strict = strict
    for (const known of [this.#subscriptions, this.#groups, this.#collections]) known.clear()
    for (const { subscriptionId, name } of resourceGroups) this.#groupOf(subscriptionId, name).initial ??= []
    for (const resource of resources) {
      const { subscriptionId, resourceGroup } = resource.id
      ;(this.#groupOf(subscriptionId, resourceGroup!).initial ??= []).push(resource)
    }
    this.reset()
  }

  /** Adds a resource, or replaces the one of that name. From then on its group holds only declared resources. */
  declare (resource: DeclaredResource): void {
    const { subscriptionId, resourceGroup, type, nameKey } = resource.id
    this.#groupOf(subscriptionId, resourceGroup!).resources.get(type)!.set(nameKey, resource)
  }

  /** Removes a declared resource; false if there is none. Its group still holds only declared resources. */
  remove (id: ResourceId): boolean {
    return this.#collections.get(id.collectionKey)?.delete(id.nameKey) === true
  }

  /** The declared resources in the collection of this one, by name; undefined if its group is not declared. */
  siblings (id: ResourceId): ReadonlyMap<string, DeclaredResource> | undefined {
    return this.#collections.get(id.collectionKey)
  }

  /** The declared resources of a type, optionally of one subscription or one of its resource groups. */
  list (type: string, subscriptionId?: string, resourceGroup?: string): DeclaredResource[] {
    return this.#listed(subscriptionId, resourceGroup).flatMap(({ resources }) => [...resources.get(type)!.values()])
  }

  /** The resource groups that hold only declared resources, in the order of `list`. */
  resourceGroups (): (ResourceGroupDeclaration & { readonly isEmpty: boolean })[] {
    return [...this.#subscriptions.values()].flatMap(({ subscriptionId, groups }) =>
      [...groups.values()].map(group => ({ subscriptionId, name: group.name, isEmpty: isEmpty(group) })))
  }

  isDeclared (subscriptionId: string, resourceGroup: string): boolean {
    return this.#groups.has(resourceGroupKey(subscriptionId, resourceGroup))
  }

  hasResourceGroup (subscriptionId: string, resourceGroup: string): boolean {
    return this.isDeclared(subscriptionId, resourceGroup) || this.hasUndeclared(resourceGroup)
  }

  /** The ids of the subscriptions with declared groups, in the case of their first declaration. */
  * subscriptionIds (): Iterable<string> {
    for (const { subscriptionId } of this.#subscriptions.values()) yield subscriptionId
  }

  /** The id in the case of its first declaration; undefined for a subscription without declared groups. */
  declaredSubscriptionId (subscriptionId: string): string | undefined {
    return this.#subscriptions.get(subscriptionId.toLowerCase())?.subscriptionId
  }

  /** Restores the declarations of the start or of the last `redeclare` in a scope, by default everywhere. */
  reset (scope = Scope.everything): void {
    for (const group of this.#listed(scope.subscriptionId)) {
      const path = `${group.key}/`
      const isWhole = path.startsWith(scope.prefix)
      if (!isWhole && !scope.prefix.startsWith(path)) continue
      this.#restore(group, scope, isWhole)
      if (isEmpty(group) && group.initial === undefined) this.#forget(group)
    }
  }

  #restore ({ resources, initial = [] }: Group, scope: Scope, isWhole: boolean): void {
    const restored = initial.filter(({ id }) => scope.contains(id))
    for (const ofType of resources.values()) {
      if (isWhole) { ofType.clear(); continue }
      for (const { id } of [...ofType.values()]) {
        // A resource that is restored keeps its place.
        const isRestored = restored.some(({ id: { type, nameKey } }) => type === id.type && nameKey === id.nameKey)
        if (scope.contains(id) && !isRestored) ofType.delete(id.nameKey)
      }
    }
    for (const resource of restored) this.declare(resource)
  }

  /** The group for a declaration, which creates it if necessary. */
  #groupOf (subscriptionId: string, name: string): Group {
    const key = resourceGroupKey(subscriptionId, name)
    let group = this.#groups.get(key)
    if (group !== undefined) return group
    const subscriptionKey = subscriptionId.toLowerCase()
    let subscription = this.#subscriptions.get(subscriptionKey)
    if (subscription === undefined) {
      this.#subscriptions.set(subscriptionKey, subscription = { subscriptionId, groups: new Map() })
    }
    group = { key, name, resources: new Map(TYPES.map(type => [type, new Map()])) }
    this.#groups.set(key, group)
    subscription.groups.set(key, group)
    for (const [type, ofType] of group.resources) this.#collections.set(collectionKeyOf(key, type), ofType)
    return group
  }

  #forget ({ key, resources }: Group): void {
    this.#groups.delete(key)
    for (const type of resources.keys()) this.#collections.delete(collectionKeyOf(key, type))
    const [,, subscriptionKey] = key.split('/') as [string, string, string]
    const { groups } = this.#subscriptions.get(subscriptionKey)!
    groups.delete(key)
    if (groups.size === 0) this.#subscriptions.delete(subscriptionKey)
  }

  #listed (subscriptionId?: string, resourceGroup?: string): Group[] {
    if (subscriptionId === undefined) {
      // The groups of a subscription stay together, so that declaring this list again gives the same order.
      return [...this.#subscriptions.values()].flatMap(({ groups }) => [...groups.values()])
    }
    const groups = this.#subscriptions.get(subscriptionId.toLowerCase())?.groups
    if (groups === undefined) return []
    if (resourceGroup === undefined) return [...groups.values()]
    return [groups.get(resourceGroupKey(subscriptionId, resourceGroup)) ?? []].flat()
  }
}

function isEmpty ({ resources }: Group): boolean {
  return [...resources.values()].every(({ size }) => size === 0)
}

function collectionKeyOf (groupKey: string, type: string): string {
  return `${groupKey}/providers/${type.toLowerCase()}`
}
