import { then, type MaybePromise } from './maybe-promise.js'
import type { Records, Store } from './store.js'
import { UsageError } from './usage-error.js'
import { powerStates, type PowerState, type PowerStateDeclaration, type VirtualMachine } from './virtual-machines.js'

/** What an operation in progress does to a machine. */
export type Transition = 'starting' | 'restarting' | 'stopping' | 'deallocating' | 'deleting'

/** How a machine is, with all that its instance view shows of that. */
export interface MachineCondition {
  /** While it is in transition, the state before that. */
  readonly powerState: PowerState
  readonly transition?: Transition | undefined
  /** Only of a deallocated machine. */
  readonly isHibernated?: boolean | undefined
  /** Counts the changes, as Azure's `etag` does: 2 for a machine that was only made. */
  readonly etag: number
  /** When the last change ended, in milliseconds since 1970; undefined for a machine that nothing has changed. */
  readonly changedAt?: number | undefined
  /** When the agent in it last began to report, likewise. */
  readonly agentAt?: number | undefined
  /** When its disks were last released, likewise. */
  readonly disksAt?: number | undefined
}

/** How a machine is kept that something has changed. */
interface MachineRecord extends PowerStateDeclaration, MachineCondition {}

/** Machines that nothing has changed. */
const UNCHANGED: Readonly<Record<PowerState, MachineCondition>> = {
  running: { powerState: 'running', etag: 2 },
  stopped: { powerState: 'stopped', etag: 2 },
  deallocated: { powerState: 'deallocated', etag: 2 }
}

/** How virtual machines are now. A machine that nothing has changed is as it was declared. */
export class MachineStates {
  readonly #states: Records<MachineRecord>

  constructor (store: Store) {
    this.#states = store.records('machineStates')
  }

  /** While the machine is in transition, the state before that. */
  get (vm: VirtualMachine): MaybePromise<PowerState> {
    return then(this.read(vm), ({ powerState }) => powerState)
  }

  read (vm: VirtualMachine): MaybePromise<MachineCondition> {
    return then(this.#states.get(vm.id), state => state ?? UNCHANGED[vm.initialState])
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
    return then(this.read(vm), condition => this.change(vm, { ...condition, powerState, isHibernated: undefined }))
  }

  /** Keeps how a machine is now. */
  change (vm: VirtualMachine, condition: MachineCondition): MaybePromise<void> {
    const { subscriptionId, resourceGroup, name } = vm.id
    return this.#states.set(vm.id, { subscriptionId, resourceGroup: resourceGroup!, name, ...condition })
  }

  /** Brings a machine back to the state that it was declared in. */
  forget (vm: VirtualMachine): MaybePromise<void> {
    return this.#states.delete(vm.id)
  }

  /** Every state that was changed, with the machine that it is of. */
  changed (): MaybePromise<PowerStateDeclaration[]> {
    return then(this.#states.list('/'), states => states.map(({ subscriptionId, resourceGroup, name, powerState }) =>
      ({ subscriptionId, resourceGroup, name, powerState })))
  }
}
