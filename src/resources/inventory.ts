import { pathKeyOf, scaleSetId, type ResourceId } from '../core/resource-id.js'
import { Scope } from '../core/scope.js'
import type { Operations } from '../operations/operations.js'
import type { MachineStates } from './machine-states.js'
import type { ManagedRunCommands } from './managed-run-commands.js'
import type { ResourceGroups } from './resource-groups.js'
import type { ScaleSet, ScaleSetDeclaration, ScaleSets } from './scale-sets.js'
import { isInstance, machineIdOf, placeOf, type MachinePlace, type VirtualMachine, type VirtualMachineDeclaration, type VirtualMachines } from './virtual-machines.js'

export interface InventoryParts {
  readonly machineStates: MachineStates
  readonly operations: Operations
  readonly resourceGroups: Pick<ResourceGroups, 'noteDeclared'>
  readonly runCommands: ManagedRunCommands
  readonly scaleSets: ScaleSets
  readonly virtualMachines: VirtualMachines
}

const MACHINE_REMOVED = 'The virtual machine was removed before the operation ended.'

/** Declares and removes machines and scale sets while azrun runs. It does not validate declarations. */
export class Inventory {
  readonly #parts: InventoryParts

  constructor (parts: InventoryParts) {
    this.#parts = parts
  }

  /** Adds a machine, or replaces the one of that name. It gets the declared state; what runs on it goes on. */
  async declareMachine (declaration: VirtualMachineDeclaration): Promise<VirtualMachine> {
    const vm = this.#parts.virtualMachines.declare(declaration)
    this.#parts.resourceGroups.noteDeclared()
    await this.#forget([vm])
    return vm
  }

  /** Removes a declared machine with everything that runs on it; false if there is none. */
  async removeMachine (id: ResourceId): Promise<boolean> {
    if (!this.#parts.virtualMachines.remove(id)) return false
    await this.#end(id, MACHINE_REMOVED)
    await this.#forget([{ id }])
    return true
  }

  /**
   * Adds a scale set, or replaces the one of that name. Its instances get their initial states, and what runs on them
   * goes on. Instances that it no longer has are removed with everything that runs on them.
   */
  async declareScaleSet (declaration: ScaleSetDeclaration): Promise<ScaleSet> {
    const { subscriptionId, resourceGroup, name } = declaration
    const before = this.#instances(scaleSetId(subscriptionId, resourceGroup, name))
    const scaleSet = this.#parts.scaleSets.declare(declaration)
    this.#parts.resourceGroups.noteDeclared()
    const removed = before.filter(({ id }) => !scaleSet.instanceIds.includes(id.name))
    for (const { id } of removed) await this.#end(id, 'The instance was removed before the operation ended.')
    await this.#forget([...removed, ...this.#instances(scaleSet.id)])
    return scaleSet
  }

  /** Removes a declared scale set with everything that runs on its instances; false if there is none. */
  async removeScaleSet (id: ResourceId): Promise<boolean> {
    const instances = this.#instances(id)
    if (!this.#parts.scaleSets.remove(id)) return false
    await this.#end(id, 'The scale set was removed before the operation ended.')
    await this.#forget(instances)
    return true
  }

  /**
   * Replaces declarations: `change` does that. Machines whose declarations differ then get their initial states; the
   * others keep theirs. Declared machines that no longer exist are removed with everything that runs on them.
   */
  async redeclare (change: () => void): Promise<void> {
    const { machineStates, resourceGroups, runCommands } = this.#parts
    const changed = await machineStates.changed()
    const declared = this.#declared()
    // An undeclared machine whose state has changed counts, too: its initial state may be another one now.
    const before = [...declared, ...changed.flatMap(place => this.#find(place) ?? [])]
    change()
    resourceGroups.noteDeclared()
    for (const vm of declared) {
      if (this.#find(placeOf(vm)) === undefined) await this.#end(vm.id, MACHINE_REMOVED)
    }
    await this.#forget(before.filter(vm => !isSame(vm, this.#find(placeOf(vm)))))
    // Their run commands may have been deleted when they were removed.
    const known = new Set(declared.map(({ id }) => pathKeyOf(id)))
    const added = this.#declared().filter(({ id }) => !known.has(pathKeyOf(id)))
    for (const { id } of added) await runCommands.declare(Scope.at(id))
  }

  /** All declared machines and the instances of declared scale sets. */
  #declared (): VirtualMachine[] {
    const { scaleSets, virtualMachines } = this.#parts
    return [...virtualMachines.list(), ...scaleSets.list().flatMap(scaleSet => scaleSets.instances(scaleSet))]
  }

  #find (place: MachinePlace): VirtualMachine | undefined {
    const { scaleSets, virtualMachines } = this.#parts
    return isInstance(place) ? scaleSets.instanceAt(place) : virtualMachines.find(machineIdOf(place))
  }

  /** The listed instances of a scale set, declared or not. */
  #instances (id: ResourceId): VirtualMachine[] {
    const { scaleSets } = this.#parts
    const scaleSet = scaleSets.find(id)
    return scaleSet === undefined ? [] : scaleSets.instances(scaleSet)
  }

  /** Cancels what runs on a machine or on the instances of a scale set, and deletes the managed run commands there. */
  async #end (id: ResourceId, reason: string): Promise<void> {
    const scope = Scope.at(id)
    await this.#parts.operations.cancelAll(reason, scope)
    await this.#parts.runCommands.clear(scope)
  }

  /** Resets machines to their initial states. */
  async #forget (machines: readonly Pick<VirtualMachine, 'id'>[]): Promise<void> {
    for (const machine of machines) await this.#parts.machineStates.forget(machine)
  }
}

/** Whether a machine is declared as before, except for its tags, which change nothing on it. */
function isSame (before: VirtualMachine, now: VirtualMachine | undefined): boolean {
  return now?.initialState === before.initialState && now.location === before.location && now.osType === before.osType
}
