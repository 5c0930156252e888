import type { DeclaredGroups, DeclaredResource } from './declared-groups.js'
import { resourceGroupKey, SCALE_SET, VIRTUAL_MACHINE } from './resource-id.js'
import { Scope } from './scope.js'
import { DEFAULT_LOCATION } from './virtual-machines.js'

export interface ResourceGroup {
  readonly subscriptionId: string
  readonly name: string
  readonly location: string
  readonly tags?: Readonly<Record<string, string | undefined>> | undefined
  readonly managedBy?: string | undefined
}

/** A group as a client has made, changed or deleted it. */
export interface ResourceGroupState extends Omit<ResourceGroup, 'location'> {
  /** Default: `made`. */
  readonly state?: 'made' | 'deleted'
  /** Default: `westus`. */
  readonly location?: string
}

/** A group that a client has made or deleted. */
interface Known {
  readonly group: ResourceGroup
  readonly state: 'there' | 'being deleted' | 'gone'
  /** The operation that deletes it or has deleted the one before it. */
  readonly deletion?: string
}

type Located = DeclaredResource & { readonly location: string }

/**
 * The resource groups that exist: those that clients make, those of declared resources and, unless strict, any other,
 * until it is deleted. A deleted one is back once it is made again, or once a resource is declared in it.
 */
export class ResourceGroups {
  readonly #declared: DeclaredGroups
  readonly #initial: readonly ResourceGroupState[]
  readonly #known = new Map<string, Known>()

  /** `initial`: what clients have made and deleted before the start. */
  constructor (declared: DeclaredGroups, initial: readonly ResourceGroupState[] = []) {
    this.#declared = declared
    this.#initial = initial
    this.#begin(Scope.everything)
  }

  has (subscriptionId: string, name: string): boolean {
    if (this.isGone(subscriptionId, name)) return false
    return this.#made(subscriptionId, name) !== undefined || this.#declared.hasResourceGroup(subscriptionId, name)
  }

  /** Whether a client has deleted it, and nothing has brought it back. */
  isGone (subscriptionId: string, name: string): boolean {
    if (this.#known.size === 0) return false
    const isDeleted = this.#known.get(resourceGroupKey(subscriptionId, name))?.state === 'gone'
    return isDeleted && this.#resources(subscriptionId, name).length === 0
  }

  find (subscriptionId: string, name: string): ResourceGroup | undefined {
    if (!this.has(subscriptionId, name)) return undefined
    const made = this.#made(subscriptionId, name)
    if (made !== undefined) return made
    const [resource] = this.#resources(subscriptionId, name)
    const { id, location = DEFAULT_LOCATION } = resource ?? {}
    return { subscriptionId, name: id?.resourceGroup ?? name, location }
  }

  /** Whether it is there without being made: somebody has declared it or a resource in it, or a client has made it. */
  isMade (subscriptionId: string, name: string): boolean {
    return this.#made(subscriptionId, name) !== undefined || this.#resources(subscriptionId, name).length > 0
  }

  /** The groups of a subscription that are made, those with declared resources first. */
  list (subscriptionId: string): ResourceGroup[] {
    const names = new Map<string, string>()
    for (const { id } of this.#resources(subscriptionId)) {
      const key = resourceGroupKey(subscriptionId, id.resourceGroup!)
      if (!names.has(key)) names.set(key, id.resourceGroup!)
    }
    const prefix = resourceGroupKey(subscriptionId, '')
    for (const [key, { group, state }] of this.#known) {
      if (key.startsWith(prefix) && state !== 'gone' && !names.has(key)) names.set(key, group.name)
    }
    return [...names.values()].map(name => this.find(subscriptionId, name)!)
  }

  /** Makes a group, or changes the one that is there. */
  put (group: ResourceGroup): void {
    const { subscriptionId, name } = group
    const key = resourceGroupKey(subscriptionId, name)
    const { deletion } = this.#known.get(key) ?? {}
    this.#known.set(key, { group, state: 'there', ...deletion !== undefined && { deletion } })
  }

  /** Until the end of its deletion the group is there, but takes no changes. */
  beginDeletion (group: ResourceGroup): void {
    const key = resourceGroupKey(group.subscriptionId, group.name)
    this.#known.set(key, { ...this.#known.get(key), group, state: 'being deleted' })
  }

  /** Keeps which operation deletes it, or has just done so. */
  noteDeletion ({ subscriptionId, name }: ResourceGroup, operationId: string): void {
    const key = resourceGroupKey(subscriptionId, name)
    const known = this.#known.get(key)
    if (known !== undefined) this.#known.set(key, { ...known, deletion: operationId })
  }

  /** The group is gone with its declared resources; or there as before, if it could not be deleted. */
  endDeletion (group: ResourceGroup, isGone: boolean): void {
    const { subscriptionId, name } = group
    const key = resourceGroupKey(subscriptionId, name)
    if (isGone) for (const { id } of this.#resources(subscriptionId, name)) this.#declared.remove(id)
    this.#known.set(key, { ...this.#known.get(key), group, state: isGone ? 'gone' : 'there' })
  }

  isBeingDeleted (subscriptionId: string, name: string): boolean {
    if (this.#known.size === 0) return false
    return this.#known.get(resourceGroupKey(subscriptionId, name))?.state === 'being deleted'
  }

  /** The last operation that deleted a group of this name, or deletes it now. */
  deletionOf (subscriptionId: string, name: string): string | undefined {
    return this.#known.get(resourceGroupKey(subscriptionId, name))?.deletion
  }

  /** What clients have made, changed or deleted; a group whose deletion goes on is still there. */
  states (): ResourceGroupState[] {
    return [...this.#known.values()].map(({ group: { subscriptionId, name, location, tags, managedBy }, state }) => ({
      subscriptionId,
      name,
      ...state === 'gone' && { state: 'deleted' as const },
      ...location !== DEFAULT_LOCATION && { location },
      ...tags !== undefined && { tags },
      ...managedBy !== undefined && { managedBy }
    }))
  }

  /** Forgets what clients did since the start in a scope that is at least a group, by default everywhere. */
  reset (scope = Scope.everything): void {
    for (const key of this.#known.keys()) {
      if (`${key}/`.startsWith(scope.prefix)) this.#known.delete(key)
    }
    this.#begin(scope)
  }

  #begin (scope: Scope): void {
    for (const { state = 'made', location = DEFAULT_LOCATION, ...group } of this.#initial) {
      const key = resourceGroupKey(group.subscriptionId, group.name)
      if (!`${key}/`.startsWith(scope.prefix)) continue
      this.#known.set(key, { group: { ...group, location }, state: state === 'made' ? 'there' : 'gone' })
    }
  }

  /** The declared machines, then the declared scale sets. */
  #resources (subscriptionId: string, name?: string): Located[] {
    return [VIRTUAL_MACHINE, SCALE_SET].flatMap(type => this.#declared.list(type, subscriptionId, name)) as Located[]
  }

  #made (subscriptionId: string, name: string): ResourceGroup | undefined {
    const known = this.#known.get(resourceGroupKey(subscriptionId, name))
    return known === undefined || known.state === 'gone' ? undefined : known.group
  }
}
