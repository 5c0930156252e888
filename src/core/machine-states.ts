import { then, type MaybePromise } from './maybe-promise.js'
import type { Records, Store } from './store.js'
import { UsageError } from './usage-error.js'
import { powerStates, type PowerState, type PowerStateDeclaration, type VirtualMachine } from './virtual-machines.js'

/** How virtual machines are now. A machine that nothing has changed is as it was declared. */
export class MachineStates {
  readonly #states: Records<PowerStateDeclaration>

  constructor (store: Store) {
    this.#states = store.records('machineStates')
  }

  get (vm: VirtualMachine): MaybePromise<PowerState> {
    return then(this.#states.get(vm.id), state => state?.powerState ?? vm.initialState)
  }

  /**
   * Changes the state of one machine; its neighbours, declared or not, stay as they are. Throws a `UsageError` for what
   * is no machine or no state: JavaScript programs call this, too.
   */
  set (vm: VirtualMachine, powerState: PowerState): MaybePromise<void> {
    if (typeof vm?.id?.nameKey !== 'string') {
      throw new UsageError('machineStates.set needs a machine that virtualMachines.declare or find returned, ' +
        `not ${JSON.stringify(vm) ?? typeof vm}`)
    }
    if (!powerStates.includes(powerState)) {
      throw new UsageError(`the power state of '${vm.id.name}' must be one of ${powerStates.join(', ')}, ` +
        `not ${JSON.stringify(powerState) ?? typeof powerState}`)
    }
    const { subscriptionId, resourceGroup, name } = vm.id
    return this.#states.set(vm.id, { subscriptionId, resourceGroup: resourceGroup!, name, powerState })
  }

  /** Brings a machine back to the state that it was declared in. */
  forget (vm: VirtualMachine): MaybePromise<void> {
    return this.#states.delete(vm.id)
  }

  /** Every state that was changed, with the machine that it is of. */
  changed (): MaybePromise<PowerStateDeclaration[]> {
    return this.#states.list('/')
  }
}
