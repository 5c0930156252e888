import { virtualMachineId, type ResourceId } from './resource-id.js'
import { Scope } from './scope.js'

export type OperatingSystem = 'Linux' | 'Windows'
export const powerStates = ['running', 'deallocated', 'stopped'] as const
export type PowerState = typeof powerStates[number]

export interface VirtualMachine {
  readonly id: ResourceId
  /** An Azure region's short name, such as `westus`. */
  readonly location: string
  /** Undefined for an undeclared machine, which runs the commands of either system. */
  readonly osType?: OperatingSystem
  /** How the machine is until something changes it: see `MachineStates`. */
  readonly initialState: PowerState
}

/** A virtual machine as it is declared. */
export interface VirtualMachineDeclaration {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
  /** `West US` is the same as `westus`. Default: `westus`. */
  readonly location?: string
  /** Default: `Linux`. */
  readonly osType?: OperatingSystem
  /** Default: `running`. */
  readonly powerState?: PowerState
}

/** The state of a machine that is not declared. */
export type PowerStateDeclaration = Required<Pick<VirtualMachineDeclaration,
  'subscriptionId' | 'resourceGroup' | 'name' | 'powerState'>>

/** A resource group that has no other than its declared machines, even if there are none. */
export interface ResourceGroupDeclaration {
  readonly subscriptionId: string
  readonly name: string
}

/** What a declaration does not say. */
export const DEFAULTS = { location: 'westus', osType: 'Linux', powerState: 'running' } as const

/** The location of undeclared resources. */
export const DEFAULT_LOCATION = DEFAULTS.location

export interface VirtualMachinesOptions {
  readonly declared?: readonly VirtualMachineDeclaration[]
  /** Besides those of declared machines. */
  readonly resourceGroups?: readonly ResourceGroupDeclaration[]
  /** How undeclared machines are until something changes it. Default: running. */
  readonly powerStates?: readonly PowerStateDeclaration[]
  /** Only declared machines exist. Default: in a resource group without declared machines every machine exists. */
  readonly strict?: boolean
}

/** A resource group with its declared machines, by name. */
interface Group {
  readonly name: string
  readonly machines: Map<string, VirtualMachine>
  /** What it has at the start; undefined for a group that was declared since. */
  initial?: VirtualMachineDeclaration[]
}

/** A subscription with declared resource groups, by their collections of machines. */
interface Subscription {
  readonly subscriptionId: string
  readonly groups: Map<string, Group>
}

/** The virtual machines that exist. Names are compared without case, as Azure does; a request only looks them up. */
export class VirtualMachines {
  /** How undeclared machines are at the start, by their paths. */
  #initialStates: ReadonlyMap<string, PowerState> = new Map()
  #strict = false
  readonly #subscriptions = new Map<string, Subscription>()
  /** The groups of all subscriptions, again: a request has the key of the collection already. */
  readonly #groups: Map<string, Group> = new Map()

  constructor (options: VirtualMachinesOptions = {}) {
    this.redeclare(options)
  }

  /** Replaces all that was declared, at the start and since. */
  redeclare ({ declared = [], resourceGroups = [], powerStates = [], strict = false }: VirtualMachinesOptions): void {
    this.#strict = strict
    this.#initialStates = new Map(powerStates.map(vm => [pathOf(idOf(vm)), vm.powerState]))
    this.#subscriptions.clear()
    this.#groups.clear()
    for (const { subscriptionId, name } of resourceGroups) {
      this.#groupOf(virtualMachineId(subscriptionId, name, '')).initial ??= []
    }
    for (const vm of declared) (this.#groupOf(idOf(vm)).initial ??= []).push(vm)
    this.reset()
  }

  /** Adds a machine, or replaces the one of that name. From then on its resource group holds declared machines only. */
  declare (declaration: VirtualMachineDeclaration): VirtualMachine {
    const { location = DEFAULTS.location, osType = DEFAULTS.osType, powerState = DEFAULTS.powerState } = declaration
    const id = Object.freeze(idOf(declaration))
    const vm = Object.freeze({ id, location: regionOf(location), osType, initialState: powerState })
    this.#groupOf(id).machines.set(id.nameKey, vm)
    return vm
  }

  /** Removes a declared machine; false if there is none. Its resource group holds declared machines only, as before. */
  remove (id: ResourceId): boolean {
    return this.#groups.get(id.collectionKey)?.machines.delete(id.nameKey) === true
  }

  isDeclared (id: ResourceId): boolean {
    return this.#groups.get(id.collectionKey)?.machines.has(id.nameKey) === true
  }

  /** The machine with this id; where undeclared machines exist, one is made up for the caller. */
  find (id: ResourceId): VirtualMachine | undefined {
    const group = this.#groups.get(id.collectionKey)
    if (group !== undefined) return group.machines.get(id.nameKey)
    if (this.#strict || !isVirtualMachineName(id.name) || !isResourceGroupName(id.resourceGroup!)) return undefined
    const initialState = this.#initialStates.size === 0 ? undefined : this.#initialStates.get(pathOf(id))
    return { id, location: DEFAULT_LOCATION, initialState: initialState ?? DEFAULTS.powerState }
  }

  /** The declared machines: all, or those of a subscription, or of one of its resource groups. */
  list (subscriptionId?: string, resourceGroup?: string): VirtualMachine[] {
    return this.#listed(subscriptionId, resourceGroup).flatMap(({ machines }) => [...machines.values()])
  }

  /** The resource groups that hold declared machines only, in the order of `list`. */
  resourceGroups (): (ResourceGroupDeclaration & { readonly isEmpty: boolean })[] {
    return [...this.#subscriptions.values()].flatMap(({ subscriptionId, groups }) =>
      [...groups.values()].map(({ name, machines }) => ({ subscriptionId, name, isEmpty: machines.size === 0 })))
  }

  hasResourceGroup (subscriptionId: string, resourceGroup: string): boolean {
    return this.#groups.has(virtualMachineId(subscriptionId, resourceGroup, '').collectionKey) ||
      (!this.#strict && isResourceGroupName(resourceGroup))
  }

  /** The ids of the subscriptions with declared machines, as they were first declared. */
  * subscriptionIds (): Iterable<string> {
    for (const { subscriptionId } of this.#subscriptions.values()) yield subscriptionId
  }

  /** The id as it was first declared; undefined for a subscription without declared machines. */
  declaredSubscriptionId (subscriptionId: string): string | undefined {
    return this.#subscriptions.get(subscriptionId.toLowerCase())?.subscriptionId
  }

  /** Back to what was declared at the start or by `redeclare`, in a scope, by default everywhere. */
  reset (scope = Scope.everything): void {
    const { subscriptionId } = scope
    const keys = subscriptionId === undefined ? [...this.#subscriptions.keys()] : [subscriptionId.toLowerCase()]
    for (const key of keys) {
      const { groups } = this.#subscriptions.get(key) ?? {}
      for (const [collectionKey, group] of groups ?? []) {
        this.#resetGroup(collectionKey, group, scope)
        if (this.#groups.get(collectionKey) === undefined) groups!.delete(collectionKey)
      }
      if (groups?.size === 0) this.#subscriptions.delete(key)
    }
  }

  #resetGroup (collectionKey: string, { machines, initial }: Group, scope: Scope): void {
    const path = `${collectionKey}/`
    const isWhole = path.startsWith(scope.prefix)
    if (!isWhole && !scope.prefix.startsWith(path)) return
    const restored = (initial ?? []).filter(vm => scope.contains(idOf(vm)))
    if (isWhole) machines.clear()
    // What comes back keeps its place.
    else if (restored.length === 0) machines.delete(scope.vmName!.toLowerCase())
    for (const vm of restored) this.declare(vm)
    if (machines.size === 0 && initial === undefined) this.#groups.delete(collectionKey)
  }

  /** The group of a machine that is being declared. */
  #groupOf ({ subscriptionId, resourceGroup, collectionKey }: ResourceId): Group {
    let group = this.#groups.get(collectionKey)
    if (group !== undefined) return group
    const key = subscriptionId.toLowerCase()
    let subscription = this.#subscriptions.get(key)
    if (subscription === undefined) this.#subscriptions.set(key, subscription = { subscriptionId, groups: new Map() })
    this.#groups.set(collectionKey, group = { name: resourceGroup!, machines: new Map() })
    subscription.groups.set(collectionKey, group)
    return group
  }

  #listed (subscriptionId?: string, resourceGroup?: string): Group[] {
    if (subscriptionId === undefined) {
      // Those of a subscription stay together, so that what is declared from a list has the same order.
      return [...this.#subscriptions.values()].flatMap(({ groups }) => [...groups.values()])
    }
    const groups = this.#subscriptions.get(subscriptionId.toLowerCase())?.groups
    if (groups === undefined) return []
    if (resourceGroup === undefined) return [...groups.values()]
    return [groups.get(virtualMachineId(subscriptionId, resourceGroup, '').collectionKey) ?? []].flat()
  }
}

function idOf ({ subscriptionId, resourceGroup, name }: VirtualMachineDeclaration): ResourceId {
  return virtualMachineId(subscriptionId, resourceGroup, name)
}

function pathOf ({ collectionKey, nameKey }: ResourceId): string {
  return `${collectionKey}/${nameKey}`
}

/**
 * Whether Azure lets a resource group have this name (documented: naming rules and restrictions of resources): up to 90
 * letters, digits, underscores, hyphens, periods and parentheses, and no period at the end.
 */
export function isResourceGroupName (name: string): boolean {
  return name.length <= 90 && /^[\p{L}\p{Nd}_().-]*[\p{L}\p{Nd}_()-]$/u.test(name)
}

/**
 * Whether Azure lets a virtual machine have this name (documented: the same page): up to 64 characters, none of them a
 * space, a control character or a special one, and neither a period nor a hyphen at the end.
 */
export function isVirtualMachineName (name: string): boolean {
  return name.length <= 64 && /^[\p{L}\p{Nd}_.-]*[\p{L}\p{Nd}_]$/u.test(name)
}

/** `West US` is the region `westus` (recorded: azcli_vm__latest__test_vmss_run_command_v2). */
export function regionOf (location: string): string {
  return location.toLowerCase().replaceAll(' ', '')
}
