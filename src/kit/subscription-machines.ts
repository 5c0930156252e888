import { virtualMachineId } from '../core/resource-id.js'
import { UsageError } from '../core/usage-error.js'
import type { Emulator } from '../emulator/emulator.js'
import type { PowerState, VirtualMachine, VirtualMachineDeclaration } from '../resources/virtual-machines.js'

/** A machine as it is declared in a subscription. */
export interface TestMachineDeclaration extends Omit<VirtualMachineDeclaration, 'subscriptionId'> {}

/** The virtual machines of a subscription. Undeclared ones exist and run. */
export class SubscriptionMachines {
  readonly #emulator: Pick<Emulator, 'machineStates' | 'virtualMachines'>
  readonly #subscriptionId: string

  constructor (emulator: Pick<Emulator, 'machineStates' | 'virtualMachines'>, subscriptionId: string) {
    this.#emulator = emulator
    this.#subscriptionId = subscriptionId
  }

  /**
   * Adds a machine, or replaces the one of that name: it gets the declared state, and what runs on it goes on. From
   * then on its resource group has only declared machines. Rejects with a `UsageError` for a declaration that is not
   * valid.
   */
  async declare (machine: TestMachineDeclaration): Promise<VirtualMachine> {
    return await this.#emulator.virtualMachines.declare({ ...machine, subscriptionId: this.#subscriptionId })
  }

  /** Removes a declared machine with everything that runs on it. Returns whether there was one of this name. */
  async remove (resourceGroup: string, name: string): Promise<boolean> {
    return await this.#emulator.virtualMachines.remove(virtualMachineId(this.#subscriptionId, resourceGroup, name))
  }

  /** Rejects with a `UsageError` for a machine that does not exist. */
  async powerState (resourceGroup: string, name: string): Promise<PowerState> {
    return await this.#emulator.machineStates.get(this.#existing(resourceGroup, name))
  }

  /** Changes the state of a machine, declared or not. Rejects with a `UsageError` for one that does not exist. */
  async setPowerState (resourceGroup: string, name: string, powerState: PowerState): Promise<void> {
    await this.#emulator.machineStates.set(this.#existing(resourceGroup, name), powerState)
  }

  #existing (resourceGroup: string, name: string): VirtualMachine {
    const found = this.#emulator.virtualMachines.find(virtualMachineId(this.#subscriptionId, resourceGroup, name))
    if (found !== undefined) return found
    throw new UsageError(`no virtual machine '${name}' exists in resource group '${resourceGroup}': declare it`)
  }
}
