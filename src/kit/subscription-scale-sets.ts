import { scaleSetId } from '../core/resource-id.js'
import { UsageError } from '../core/usage-error.js'
import type { Emulator } from '../emulator/emulator.js'
import type { ScaleSet, ScaleSetDeclaration } from '../resources/scale-sets.js'
import type { PowerState, VirtualMachine } from '../resources/virtual-machines.js'
import { shown } from '../validation/mistakes.js'

/** A scale set as it is declared in a subscription. */
export interface TestScaleSetDeclaration extends Omit<ScaleSetDeclaration, 'subscriptionId'> {}

/** The scale sets of a subscription. Undeclared ones exist: their instances run, and they list 0 and 1. */
export class SubscriptionScaleSets {
  readonly #emulator: Pick<Emulator, 'machineStates' | 'scaleSets'>
  readonly #subscriptionId: string

  constructor (emulator: Pick<Emulator, 'machineStates' | 'scaleSets'>, subscriptionId: string) {
    this.#emulator = emulator
    this.#subscriptionId = subscriptionId
  }

  /**
   * Adds a scale set, or replaces the one of that name. Its instances run; those that it no longer has are removed with
   * everything that runs on them. From then on its resource group has only declared resources. Rejects with a
   * `UsageError` for a declaration that is not valid.
   */
  async declare (scaleSet: TestScaleSetDeclaration): Promise<ScaleSet> {
    return await this.#emulator.scaleSets.declare({ ...scaleSet, subscriptionId: this.#subscriptionId })
  }

  /** Removes a declared scale set with everything that runs on it. Returns whether there was one of this name. */
  async remove (resourceGroup: string, name: string): Promise<boolean> {
    return await this.#emulator.scaleSets.remove(scaleSetId(this.#subscriptionId, resourceGroup, name))
  }

  /** Rejects with a `UsageError` for an instance that does not exist. */
  async powerState (resourceGroup: string, name: string, instanceId: string): Promise<PowerState> {
    return await this.#emulator.machineStates.get(this.#existing(resourceGroup, name, instanceId))
  }

  /** Changes the state of an instance. Rejects with a `UsageError` for one that does not exist. */
  async setPowerState (resourceGroup: string, name: string, instanceId: string, powerState: PowerState): Promise<void> {
    await this.#emulator.machineStates.set(this.#existing(resourceGroup, name, instanceId), powerState)
  }

  #existing (resourceGroup: string, name: string, instanceId: string): VirtualMachine {
    if (typeof instanceId !== 'string') {
      throw new UsageError(`the id of an instance must be a number in quotes, such as "0", not ${shown(instanceId)}`)
    }
    const { scaleSets } = this.#emulator
    const scaleSet = scaleSets.find(scaleSetId(this.#subscriptionId, resourceGroup, name))
    const instance = scaleSet && scaleSets.instance(scaleSet, instanceId)
    if (instance !== undefined) return instance
    const what = scaleSet === undefined ? `scale set '${name}'` : `instance '${instanceId}' of scale set '${name}'`
    throw new UsageError(`no ${what} exists in resource group '${resourceGroup}': declare it`)
  }
}
