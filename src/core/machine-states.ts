import { then, type MaybePromise } from './maybe-promise.js'
import type { Records, Store } from './store.js'
import { UsageError } from './usage-error.js'
import { machineName, placeOf, powerStates, type PowerState, type PowerStateDeclaration, type VirtualMachine } from './virtual-machines.js'

/** What a machine is doing while its state changes. */
export type Transition = 'starting' | 'stopping' | 'deallocating' | 'restarting' | 'deleting'

/** A machine as reads show it. Times are in milliseconds since 1970, and undefined until something changes. */
export interface MachineCondition {
  readonly powerState: PowerState
  readonly transition?: Transition
  readonly isHibernated?: boolean
  /** Counts the changes. */
  readonly etag: number
  /** When the last change was done. */
  readonly changedAt?: number
  /** When the agent reported last. */
  readonly agentAt?: number
  /** When the disks were last attached or released. */
  readonly disksAt?: number
}

/** Of a machine that nothing has changed (recorded after its creation: azcli_power_vm_2024-07-01, exchange 24). */
const FIRST_ETAG = 2

/** How virtual machines are now. A machine that nothing has changed is as it was declared. */
export class MachineStates {
  readonly #states: Records<PowerStateDeclaration>

  constructor (store: Store) {
    this.#states = store.records('machineStates')
  }

  get (vm: VirtualMachine): MaybePromise<PowerState> {
    return then(this.#states.get(vm.id), state => state?.powerState ?? vm.initialState)
  }

  /** All that reads show of the state of a machine. */
  read (vm: VirtualMachine): MaybePromise<MachineCondition> {
    return then(this.get(vm), powerState => ({ powerState, etag: FIRST_ETAG }))
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
      throw new UsageError(`the power state of '${machineName(vm)}' must be one of ${powerStates.join(', ')}, ` +
        `not ${JSON.stringify(powerState) ?? typeof powerState}`)
    }
    return this.#states.set(vm.id, { ...placeOf(vm), powerState })
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
