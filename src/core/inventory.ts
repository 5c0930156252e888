import type { MachineStates } from './machine-states.js'
import type { ManagedRunCommands } from './managed-run-commands.js'
import type { Operations } from './operations.js'
import { scaleSetId, type ResourceId } from './resource-id.js'
import type { ScaleSet, ScaleSetDeclaration, ScaleSets } from './scale-sets.js'
import { Scope } from './scope.js'
import type { VirtualMachine, VirtualMachineDeclaration, VirtualMachines } from './virtual-machines.js'

export interface InventoryParts {
  readonly machineStates: MachineStates
  readonly operations: Operations
  readonly runCommands: ManagedRunCommands
  readonly scaleSets: ScaleSets
  readonly virtualMachines: VirtualMachines
}

/** Declares and removes machines and scale sets while azrun runs. It does not validate declarations. */
export class Inventory {
  readonly #parts: InventoryParts

  constructor (parts: InventoryParts) {
    this.#parts = parts
  }

  /** Adds a machine, or replaces the one of that name. It gets the declared state; what runs on it goes on. */
  async declareMachine (declaration: VirtualMachineDeclaration): Promise<VirtualMachine> {
    const vm = this.#parts.virtualMachines.declare(declaration)
    await this.#forget([vm])
    return vm
  }

  /** Removes a declared machine with everything that runs on it; false if there is none. */
  async removeMachine (id: ResourceId): Promise<boolean> {
    if (!this.#parts.virtualMachines.remove(id)) return false
    await this.#end(id, 'The virtual machine was removed before the operation ended.')
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
