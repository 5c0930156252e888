import { resourceGroupKey, SCALE_SET, VIRTUAL_MACHINE } from '../core/resource-id.js'
import { Scope } from '../core/scope.js'
import type { DeclaredGroups, DeclaredResource } from './declared-groups.js'
import { DEFAULT_LOCATION } from './virtual-machines.js'

export interface ResourceGroup {
  readonly subscriptionId: string
  readonly name: string
  readonly location: string
  readonly tags?: Readonly<Record<string, string | undefined>> | undefined
  readonly managedBy?: string | undefined
}

/** A group that a client has created, changed or deleted. */
export interface ResourceGroupState extends Omit<ResourceGroup, 'location'> {
  /** Default: `created`. */
  readonly state?: 'created' | 'deleted'
  /** Default: `westus`. */
  readonly location?: string
}

/** A group that a client has created or deleted. */
interface Known {
  readonly group: ResourceGroup
  /** `not created`: as if no client had created or deleted it. */
  readonly state: 'there' | 'being deleted' | 'gone' | 'not created'
  /** Whether a client had created a group that is being deleted. */
  readonly wasCreated?: boolean
  /** The operation that deletes this group, or that deleted an earlier one of this name. */
  readonly deletion?: string
}

type Located = DeclaredResource & { readonly location: string }

/**
 * The resource groups that exist: those that clients create, those of declared resources and, unless strict, all others
 * until they are deleted. A deleted group exists again once a client creates it or a resource is declared in it.
 */
export class ResourceGroups {
  readonly #declared: DeclaredGroups
  readonly #initial: readonly ResourceGroupState[]
  readonly #known = new Map<string, Known>()

  /** `initial`: the groups that clients created or deleted before the start. */
  constructor (declared: DeclaredGroups, initial: readonly ResourceGroupState[] = []) {
    this.#declared = declared
    this.#initial = initial
    this.#begin(Scope.everything)
  }

  has (subscriptionId: string, name: string): boolean {
    if (this.isGone(subscriptionId, name)) return false
    return this.#created(subscriptionId, name) !== undefined || this.#declared.hasResourceGroup(subscriptionId, name)
  }

  /** Whether a client has deleted the group and it does not exist again. */
  isGone (subscriptionId: string, name: string): boolean {
    if (this.#known.size === 0) return false
    return this.#known.get(resourceGroupKey(subscriptionId, name))?.state === 'gone'
  }

  find (subscriptionId: string, name: string): ResourceGroup | undefined {
    if (!this.has(subscriptionId, name)) return undefined
    const created = this.#created(subscriptionId, name)
    if (created !== undefined) return created
    const [resource] = this.#resources(subscriptionId, name)
    const { id, location = DEFAULT_LOCATION } = resource ?? {}
    return { subscriptionId, name: id?.resourceGroup ?? name, location }
  }

  /** Whether the group or a resource in it is declared, or a client has created the group. */
  isDeclaredOrCreated (subscriptionId: string, name: string): boolean {
    return this.#created(subscriptionId, name) !== undefined || this.#resources(subscriptionId, name).length > 0
  }

  /** The groups of a subscription that are declared or created, those with declared resources first. */
  list (subscriptionId: string): ResourceGroup[] {
    const names = new Map<string, string>()
    for (const { id } of this.#resources(subscriptionId)) {
      const key = resourceGroupKey(subscriptionId, id.resourceGroup!)
      if (!names.has(key)) names.set(key, id.resourceGroup!)
    }
    const prefix = resourceGroupKey(subscriptionId, '')
    for (const [key, known] of this.#known) {
      if (key.startsWith(prefix) && isCreated(known) && !names.has(key)) names.set(key, known.group.name)
    }
    return [...names.values()].map(name => this.find(subscriptionId, name)!)
  }

  /** Creates or changes a group. */
  put (group: ResourceGroup): void {
    const { subscriptionId, name } = group
    const key = resourceGroupKey(subscriptionId, name)
    const { deletion } = this.#known.get(key) ?? {}
    this.#known.set(key, { group, state: 'there', ...deletion !== undefined && { deletion } })
  }

  /** Notes that resources were declared: a deleted group with one exists from then on, even if that is removed. */
  noteDeclared (): void {
    for (const [key, known] of this.#known) {
      const { group: { subscriptionId, name }, state } = known
      if (state !== 'gone' || this.#resources(subscriptionId, name).length === 0) continue
      this.#known.set(key, { ...known, state: 'not created' })
    }
  }

  /** Until its deletion ends, the group exists but cannot be changed. */
  beginDeletion (group: ResourceGroup): void {
    const key = resourceGroupKey(group.subscriptionId, group.name)
    const known = this.#known.get(key)
    this.#known.set(key, { ...known, group, state: 'being deleted', wasCreated: known?.state === 'there' })
  }

  /** Records the operation that deletes the group or has just deleted it. */
  noteDeletion ({ subscriptionId, name }: ResourceGroup, operationId: string): void {
    const key = resourceGroupKey(subscriptionId, name)
    const known = this.#known.get(key)
    if (known !== undefined) this.#known.set(key, { ...known, deletion: operationId })
  }

  /** Removes the group with its declared resources, or restores it if its deletion failed. */
  endDeletion (group: ResourceGroup, isGone: boolean): void {
    const { subscriptionId, name } = group
    const key = resourceGroupKey(subscriptionId, name)
    if (isGone) for (const { id } of this.#resources(subscriptionId, name)) this.#declared.remove(id)
    const { wasCreated = true, deletion } = this.#known.get(key) ?? {}
    const state = isGone ? 'gone' : wasCreated ? 'there' : 'not created'
    this.#known.set(key, { group, state, ...deletion !== undefined && { deletion } })
  }

  isBeingDeleted (subscriptionId: string, name: string): boolean {
    if (this.#known.size === 0) return false
    return this.#known.get(resourceGroupKey(subscriptionId, name))?.state === 'being deleted'
  }

  /** The id of the latest operation that deletes or deleted a group of this name. */
  deletionOf (subscriptionId: string, name: string): string | undefined {
    return this.#known.get(resourceGroupKey(subscriptionId, name))?.deletion
  }

  /** The groups that clients have created, changed or deleted. A group that is being deleted still exists. */
  states (): ResourceGroupState[] {
    const known = [...this.#known.values()].filter(({ state }) => state !== 'not created')
    return known.map(({ group: { subscriptionId, name, location, tags, managedBy }, state }) => ({
      subscriptionId,
      name,
      ...state === 'gone' && { state: 'deleted' as const },
      ...location !== DEFAULT_LOCATION && { location },
      ...tags !== undefined && { tags },
      ...managedBy !== undefined && { managedBy }
    }))
  }

  /** Undoes what clients did since the start. The scope, by default everything, is at least a group. */
  reset (scope = Scope.everything): void {
    for (const key of this.#known.keys()) {
      if (`${key}/`.startsWith(scope.prefix)) this.#known.delete(key)
    }
    this.#begin(scope)
  }

  #begin (scope: Scope): void {
    for (const { state = 'created', location = DEFAULT_LOCATION, ...group } of this.#initial) {
      const key = resourceGroupKey(group.subscriptionId, group.name)
      if (!`${key}/`.startsWith(scope.prefix)) continue
      this.#known.set(key, { group: { ...group, location }, state: state === 'created' ? 'there' : 'gone' })
    }
    this.noteDeclared()
  }

  /** The declared machines, then the declared scale sets. */
  #resources (subscriptionId: string, name?: string): Located[] {
    return [VIRTUAL_MACHINE, SCALE_SET].flatMap(type => this.#declared.list(type, subscriptionId, name)) as Located[]
  }

  #created (subscriptionId: string, name: string): ResourceGroup | undefined {
    const known = this.#known.get(resourceGroupKey(subscriptionId, name))
    return known !== undefined && isCreated(known) ? known.group : undefined
  }
}

function isCreated ({ state }: Known): boolean {
  return state === 'there' || state === 'being deleted'
}
