import type { DeclaredGroups } from './declared-groups.js'
import { VIRTUAL_MACHINE, virtualMachineId, type ResourceId } from './resource-id.js'
import { isVirtualMachineName, regionOf } from './resource-names.js'

export type OperatingSystem = 'Linux' | 'Windows'
export const powerStates = ['running', 'deallocated', 'stopped'] as const
export type PowerState = typeof powerStates[number]

/** What runs commands and has a power state: a virtual machine of its own, or an instance of a scale set. */
export interface VirtualMachine {
  readonly id: ResourceId
  /** An Azure region's short name, such as `westus`. */
  readonly location: string
  /** Undefined for an undeclared machine, which runs the commands of either system. */
  readonly osType?: OperatingSystem
  /** How the machine is until something changes it: see `MachineStates`. */
  readonly initialState: PowerState
  /** Only of an instance of a scale set. */
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
}

/** The state of a machine that is not declared. */
export type PowerStateDeclaration = Required<Pick<VirtualMachineDeclaration,
  'subscriptionId' | 'resourceGroup' | 'name' | 'powerState'>>

/** What a declaration does not say. */
export const DEFAULTS = { location: 'westus', osType: 'Linux', powerState: 'running' } as const

/** The location of undeclared resources. */
export const DEFAULT_LOCATION = DEFAULTS.location

/** How a machine that is not declared is at the start. */
export interface StatesAtStart {
  of (id: ResourceId): PowerState
}

/** The virtual machines that exist. Names are compared without case, as Azure does; a request only looks them up. */
export class VirtualMachines {
  readonly #groups: DeclaredGroups
  readonly #initialStates: StatesAtStart

  constructor (groups: DeclaredGroups, initialStates: StatesAtStart) {
    this.#groups = groups
    this.#initialStates = initialStates
  }

  /** Adds a machine, or replaces the one of that name. From then on its resource group holds declared machines only. */
  declare (declaration: VirtualMachineDeclaration): VirtualMachine {
    const vm = virtualMachineOf(declaration)
    this.#groups.declare(vm)
    return vm
  }

  /** Removes a declared machine; false if there is none. Its resource group holds declared machines only, as before. */
  remove (id: ResourceId): boolean {
    return this.#groups.remove(id)
  }

  isDeclared (id: ResourceId): boolean {
    return this.#groups.besides(id)?.has(id.nameKey) === true
  }

  /** The machine with this id; where undeclared machines exist, one is made up for the caller. */
  find (id: ResourceId): VirtualMachine | undefined {
    const declared = this.#groups.besides(id)
    if (declared !== undefined) return declared.get(id.nameKey) as VirtualMachine | undefined
    if (!isVirtualMachineName(id.name) || !this.#groups.hasUndeclared(id.resourceGroup!)) return undefined
    return { id, location: DEFAULTS.location, initialState: this.#initialStates.of(id) }
  }

  /** The declared machines: all, or those of a subscription, or of one of its resource groups. */
  list (subscriptionId?: string, resourceGroup?: string): VirtualMachine[] {
    return this.#groups.list(VIRTUAL_MACHINE, subscriptionId, resourceGroup) as VirtualMachine[]
  }
}

/** The machine that is declared. */
export function virtualMachineOf (declaration: VirtualMachineDeclaration): VirtualMachine {
  const { subscriptionId, resourceGroup, name } = declaration
  const { location = DEFAULTS.location, osType = DEFAULTS.osType, powerState = DEFAULTS.powerState } = declaration
  const id = Object.freeze(virtualMachineId(subscriptionId, resourceGroup, name))
  return Object.freeze({ id, location: regionOf(location), osType, initialState: powerState })
}

/** What people and Azure's messages call a machine: its name, and `ss_0` for instance 0 of the scale set `ss`. */
export function machineName ({ id, scaleSet }: Pick<VirtualMachine, 'id' | 'scaleSet'>): string {
  return scaleSet === undefined ? id.name : `${scaleSet.name}_${scaleSet.instanceId}`
}
