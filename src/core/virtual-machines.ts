import { virtualMachineId, type ResourceId } from './resource-id.js'

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

/** The location of undeclared resources. */
export const DEFAULT_LOCATION = 'westus'

const DEFAULT_STATE = 'running'

export interface VirtualMachinesOptions {
  readonly declared?: readonly VirtualMachineDeclaration[]
  /** Only declared machines exist. Default: in a resource group without declared machines every machine exists. */
  readonly strict?: boolean
}

/** The machines of a resource group, by name. */
type Group = Map<string, VirtualMachine>

/** A subscription with declared machines, and its resource groups by their collections of machines. */
interface Subscription {
  readonly subscriptionId: string
  readonly groups: Map<string, Group>
}

/** The virtual machines that exist. Names are compared without case, as Azure does; a request only looks them up. */
export class VirtualMachines {
  #initial: readonly VirtualMachineDeclaration[] = []
  #strict = false
  readonly #subscriptions = new Map<string, Subscription>()
  /** The groups of all subscriptions, again: a request has the key of the collection already. */
  readonly #groups: Map<string, Group> = new Map()

  constructor (options: VirtualMachinesOptions = {}) {
    this.redeclare(options)
  }

  /** Replaces all that was declared, at the start and since. */
  redeclare ({ declared = [], strict = false }: VirtualMachinesOptions): void {
    this.#initial = declared
    this.#strict = strict
    this.reset()
  }

  /** Adds a machine, or replaces the one of that name. From then on its resource group holds declared machines only. */
  declare (declaration: VirtualMachineDeclaration): VirtualMachine {
    const { subscriptionId, resourceGroup, name, location = DEFAULT_LOCATION } = declaration
    const { osType = 'Linux', powerState = DEFAULT_STATE } = declaration
    const id = Object.freeze(virtualMachineId(subscriptionId, resourceGroup, name))
    const vm = Object.freeze({ id, location: shortName(location), osType, initialState: powerState })
    this.#groupOf(id).set(id.nameKey, vm)
    return vm
  }

  /** The machine with this id; where undeclared machines exist, one is made up for the caller. */
  find (id: ResourceId): VirtualMachine | undefined {
    const group = this.#groups.get(id.collectionKey)
    if (group !== undefined) return group.get(id.nameKey)
    if (this.#strict || !isVirtualMachineName(id.name) || !isResourceGroupName(id.resourceGroup!)) return undefined
    return { id, location: DEFAULT_LOCATION, initialState: DEFAULT_STATE }
  }

  /** The declared machines: all, or those of a subscription, or of one of its resource groups. */
  list (subscriptionId?: string, resourceGroup?: string): VirtualMachine[] {
    return this.#listed(subscriptionId, resourceGroup).flatMap(group => [...group.values()])
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

  /** Back to what was declared at the start or by `redeclare`. */
  reset (): void {
    this.#subscriptions.clear()
    this.#groups.clear()
    for (const vm of this.#initial) this.declare(vm)
  }

  /** The group of a machine that is being declared. */
  #groupOf ({ subscriptionId, collectionKey }: ResourceId): Group {
    let group = this.#groups.get(collectionKey)
    if (group !== undefined) return group
    const key = subscriptionId.toLowerCase()
    let subscription = this.#subscriptions.get(key)
    if (subscription === undefined) this.#subscriptions.set(key, subscription = { subscriptionId, groups: new Map() })
    this.#groups.set(collectionKey, group = new Map())
    subscription.groups.set(collectionKey, group)
    return group
  }

  #listed (subscriptionId?: string, resourceGroup?: string): Group[] {
    if (subscriptionId === undefined) return [...this.#groups.values()]
    const groups = this.#subscriptions.get(subscriptionId.toLowerCase())?.groups
    if (groups === undefined) return []
    if (resourceGroup === undefined) return [...groups.values()]
    return [groups.get(virtualMachineId(subscriptionId, resourceGroup, '').collectionKey) ?? []].flat()
  }
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
function shortName (location: string): string {
  return location.toLowerCase().replaceAll(' ', '')
}
