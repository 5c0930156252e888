import { pathKeyOf, virtualMachineId, type ResourceId } from './resource-id.js'
import { DEFAULTS, type PowerState, type PowerStateDeclaration, type StatesAtStart } from './virtual-machines.js'

/** How machines that are not declared are until something changes it: by default running. */
export class InitialStates implements StatesAtStart {
  #states: ReadonlyMap<string, PowerState> = new Map()

  constructor (powerStates: readonly PowerStateDeclaration[] = []) {
    this.redeclare(powerStates)
  }

  /** Replaces all of them. */
  redeclare (powerStates: readonly PowerStateDeclaration[]): void {
    this.#states = new Map(powerStates.map(({ subscriptionId, resourceGroup, name, powerState }) =>
      [pathKeyOf(virtualMachineId(subscriptionId, resourceGroup, name)), powerState]))
  }

  of (id: ResourceId): PowerState {
    if (this.#states.size === 0) return DEFAULTS.powerState
    return this.#states.get(pathKeyOf(id)) ?? DEFAULTS.powerState
  }
}
