import { instanceIdOf, instanceName, scaleSetId, VIRTUAL_MACHINE, virtualMachineId, type ResourceId } from '../core/resource-id.js'
import { isVirtualMachineName, regionOf } from '../core/resource-names.js'
import type { DeclaredGroups } from './declared-groups.js'

export type OperatingSystem = 'Linux' | 'Windows'
export const powerStates = ['running', 'deallocated', 'stopped'] as const
export type PowerState = typeof powerStates[number]

/** A virtual machine, or an instance of a scale set: it runs commands and has a power state. */
export interface VirtualMachine {
  readonly id: ResourceId
  /** An Azure region's short name, such as `westus`. */
  readonly location: string
  /** Undefined for an undeclared machine, which runs the commands of either system. */
  readonly osType?: OperatingSystem
  /** Undefined if there are none. */
  readonly tags?: Readonly<Record<string, string>>
  /** The state until something changes it: see `MachineStates`. */
  readonly initialState: PowerState
  /** Only for an instance of a scale set. */
  readonly scaleSet?: { readonly name: string, readonly instanceId: string }
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
  /** Default: none. */
  readonly tags?: Readonly<Record<string, string>>
}

/** The names that identify a machine. With `instanceId`, `name` is that of the scale set. */
export interface MachinePlace {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
  readonly instanceId?: string
}

/** The power state of an undeclared machine or of an instance of a scale set. */
export interface PowerStateDeclaration extends MachinePlace {
  readonly powerState: PowerState
}

/** The defaults of a declaration. */
export const DEFAULTS = { location: 'westus', osType: 'Linux', powerState: 'running' } as const

/** The location of undeclared resources. */
export const DEFAULT_LOCATION = DEFAULTS.location

/** The initial power state of an undeclared machine or of an instance of a scale set. */
export interface StatesAtStart {
  of (id: ResourceId): PowerState
}

/**
 * The virtual machines that exist. Names are case-insensitive, as on Azure. A request needs only map lookups. While
 * azrun runs, `Inventory` declares and removes them, because that also concerns what runs on them.
 */
export class VirtualMachines {
  readonly #groups: DeclaredGroups
  readonly #initialStates: StatesAtStart

  constructor (groups: DeclaredGroups, initialStates: StatesAtStart) {
    this.#groups = groups
    this.#initialStates = initialStates
  }

  /** Adds a machine, or replaces the one of that name. From then on its resource group holds only declared machines. */
  declare (declaration: VirtualMachineDeclaration): VirtualMachine {
    const vm = virtualMachineOf(declaration)
    this.#groups.declare(vm)
    return vm
  }

  /** Removes a declared machine; false if there is none. Its resource group still holds only declared machines. */
  remove (id: ResourceId): boolean {
    return this.#groups.remove(id)
  }

  isDeclared (id: ResourceId): boolean {
    return this.#groups.siblings(id)?.has(id.nameKey) === true
  }

  /** The machine with this id. Where undeclared machines exist, it is created on the fly. */
  find (id: ResourceId): VirtualMachine | undefined {
    const declared = this.#groups.siblings(id)
    if (declared !== undefined) return declared.get(id.nameKey) as VirtualMachine | undefined
    if (!isVirtualMachineName(id.name) || !this.#groups.hasUndeclared(id.resourceGroup!)) return undefined
    return { id, location: DEFAULTS.location, initialState: this.#initialStates.of(id) }
  }

  /** The declared machines, optionally of one subscription or one of its resource groups. */
  list (subscriptionId?: string, resourceGroup?: string): VirtualMachine[] {
    return this.#groups.list(VIRTUAL_MACHINE, subscriptionId, resourceGroup) as VirtualMachine[]
  }
}

/** Converts a declaration to a machine. */
export function virtualMachineOf (declaration: VirtualMachineDeclaration): VirtualMachine {
  const { subscriptionId, resourceGroup, name, tags } = declaration
  const { location = DEFAULTS.location, osType = DEFAULTS.osType, powerState = DEFAULTS.powerState } = declaration
  const id = Object.freeze(virtualMachineId(subscriptionId, resourceGroup, name))
  return Object.freeze({ id, location: regionOf(location), osType, ...keptTags(tags), initialState: powerState })
}

/** A copy of the declared tags, as a member of a machine or a scale set; none if they are empty. */
export function keptTags (tags: Readonly<Record<string, string>> = {}): Pick<VirtualMachine, 'tags'> {
  return Object.keys(tags).length === 0 ? {} : { tags: Object.freeze({ ...tags }) }
}

export function placeOf ({ id, scaleSet }: Pick<VirtualMachine, 'id' | 'scaleSet'>): MachinePlace {
  const { subscriptionId, resourceGroup, name } = id
  return { subscriptionId, resourceGroup: resourceGroup!, name, ...scaleSet }
}

export function isInstance (place: MachinePlace): place is Required<MachinePlace> {
  return place.instanceId !== undefined
}

/** The id of the machine with these names. */
export function machineIdOf ({ subscriptionId, resourceGroup, name, instanceId }: MachinePlace): ResourceId {
  if (instanceId === undefined) return virtualMachineId(subscriptionId, resourceGroup, name)
  return instanceIdOf(scaleSetId(subscriptionId, resourceGroup, name), instanceId)
}

/** The name in Azure's messages and in azrun's log: the machine's own, or that of an instance. */
export function machineName ({ id, scaleSet }: Pick<VirtualMachine, 'id' | 'scaleSet'>): string {
  return scaleSet === undefined ? id.name : instanceName(scaleSet.name, scaleSet.instanceId)
}
