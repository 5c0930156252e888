import { pathKeyOf, type ResourceId } from '../core/resource-id.js'
import { DEFAULTS, machineIdOf, type PowerState, type PowerStateDeclaration, type StatesAtStart } from './virtual-machines.js'

/** The initial power states of undeclared machines and of instances of scale sets. Default: running. */
export class InitialStates implements StatesAtStart {
  #states: ReadonlyMap<string, PowerState> = new Map()

  constructor (powerStates: readonly PowerStateDeclaration[] = []) {
    this.redeclare(powerStates)
  }

  /** Replaces all states. */
  redeclare (powerStates: readonly PowerStateDeclaration[]): void {
    this.#states = new Map(powerStates.map(state => [pathKeyOf(machineIdOf(state)), state.powerState]))
  }

  of (id: ResourceId): PowerState {
    if (this.#states.size === 0) return DEFAULTS.powerState
    return this.#states.get(pathKeyOf(id)) ?? DEFAULTS.powerState
  }
}
