import { instanceIdOf, SCALE_SET, scaleSetId, type ResourceId } from '../core/resource-id.js'
import { isInstanceId, isVirtualMachineName, regionOf } from '../core/resource-names.js'
import type { DeclaredGroups } from './declared-groups.js'
import {
  DEFAULTS, keptTags, type MachinePlace, type OperatingSystem, type StatesAtStart, type VirtualMachine
} from './virtual-machines.js'

/** A scale set of uniform instances, which are machines. */
export interface ScaleSet {
  readonly id: ResourceId
  /** An Azure region's short name, such as `westus`. */
  readonly location: string
  /** Undefined for an undeclared set, whose instances run the commands of either system. */
  readonly osType?: OperatingSystem
  /** Undefined if there are none. The instances have them, too. */
  readonly tags?: Readonly<Record<string, string>>
  /** The ids of the instances, in the order in which they are listed. */
  readonly instanceIds: readonly string[]
}

/** A scale set as it is declared. */
export interface ScaleSetDeclaration {
  readonly subscriptionId: string
  readonly resourceGroup: string
  readonly name: string
  /** `West US` is the same as `westus`. Default: `westus`. */
  readonly location?: string
  /** Default: `Linux`. */
  readonly osType?: OperatingSystem
  /** The ids of its instances, which are numbers. Default: `0` and `1`. */
  readonly instances?: readonly string[]
  /** Default: none. */
  readonly tags?: Readonly<Record<string, string>>
}

/** The instances of a set whose declaration has none. */
export const DEFAULT_INSTANCES = ['0', '1'] as const

/**
 * The scale sets that exist, and their instances. Names are case-insensitive. A request needs only map lookups. While
 * azrun runs, `Inventory` declares and removes them, because that also concerns what runs on their instances.
 */
export class ScaleSets {
  readonly #groups: DeclaredGroups
  readonly #initialStates: StatesAtStart

  constructor (groups: DeclaredGroups, initialStates: StatesAtStart) {
    this.#groups = groups
    this.#initialStates = initialStates
  }

  /** Adds a set, or replaces the one of that name. From then on its resource group holds only declared resources. */
  declare (declaration: ScaleSetDeclaration): ScaleSet {
    const scaleSet = scaleSetOf(declaration)
    this.#groups.declare(scaleSet)
    return scaleSet
  }

  /** Removes a declared set; false if there is none. Its resource group still holds only declared resources. */
  remove (id: ResourceId): boolean {
    return this.#groups.remove(id)
  }

  isDeclared (id: ResourceId): boolean {
    return this.#groups.siblings(id)?.has(id.nameKey) === true
  }

  /** The set with this id. Where undeclared sets exist, it is created on the fly. */
  find (id: ResourceId): ScaleSet | undefined {
    const declared = this.#groups.siblings(id)
    if (declared !== undefined) return declared.get(id.nameKey) as ScaleSet | undefined
    if (!isVirtualMachineName(id.name) || !this.#groups.hasUndeclared(id.resourceGroup!)) return undefined
    return { id, location: DEFAULTS.location, instanceIds: DEFAULT_INSTANCES }
  }

  /** The declared sets, optionally of one subscription or one of its resource groups. */
  list (subscriptionId?: string, resourceGroup?: string): ScaleSet[] {
    return this.#groups.list(SCALE_SET, subscriptionId, resourceGroup) as ScaleSet[]
  }

  /** An instance of a set. An undeclared set has one for each number, but lists only a few. */
  instance (scaleSet: ScaleSet, instanceId: string): VirtualMachine | undefined {
    const { id, instanceIds } = scaleSet
    const exists = instanceIds.includes(instanceId) || (isInstanceId(instanceId) && !this.isDeclared(id))
    return exists ? this.#instanceOf(scaleSet, instanceId) : undefined
  }

  /** The instance with these names. */
  instanceAt ({ subscriptionId, resourceGroup, name, instanceId }: Required<MachinePlace>): VirtualMachine | undefined {
    const scaleSet = this.find(scaleSetId(subscriptionId, resourceGroup, name))
    return scaleSet && this.instance(scaleSet, instanceId)
  }

  /** The listed instances of a set. */
  instances (scaleSet: ScaleSet): VirtualMachine[] {
    return scaleSet.instanceIds.map(instanceId => this.#instanceOf(scaleSet, instanceId))
  }

  #instanceOf ({ id: { name }, id: setId, location, osType, tags }: ScaleSet, instanceId: string): VirtualMachine {
    const id = instanceIdOf(setId, instanceId)
    return {
      id,
      location,
      ...osType !== undefined && { osType },
      ...tags !== undefined && { tags },
      initialState: this.#initialStates.of(id),
      scaleSet: { name, instanceId }
    }
  }
}

/** Converts a declaration to a set. */
export function scaleSetOf (declaration: ScaleSetDeclaration): ScaleSet {
  const { subscriptionId, resourceGroup, name, tags, instances = DEFAULT_INSTANCES } = declaration
  const { location = DEFAULTS.location, osType = DEFAULTS.osType } = declaration
  const id = Object.freeze(scaleSetId(subscriptionId, resourceGroup, name))
  const instanceIds = Object.freeze([...instances])
  return Object.freeze({ id, location: regionOf(location), osType, ...keptTags(tags), instanceIds })
}
