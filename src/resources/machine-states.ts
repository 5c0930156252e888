import { then, type MaybePromise } from '../core/maybe-promise.js'
import type { Records, Store } from '../core/store.js'
import { UsageError } from '../core/usage-error.js'
import { machineName, placeOf, powerStates, type PowerState, type PowerStateDeclaration, type VirtualMachine } from './virtual-machines.js'

/** What an operation in progress does to a machine. */
export type Transition = 'starting' | 'restarting' | 'stopping' | 'deallocating'

/** The state of a machine, as its instance view shows it. */
export interface MachineCondition {
  /** During a transition, the state before it. */
  readonly powerState: PowerState
  readonly transition?: Transition | undefined
  /** Only for a deallocated machine. */
  readonly isHibernated?: boolean | undefined
  /** Counts the changes, as Azure's `etag` does: 2 for a machine that was only created. */
  readonly etag: number
  /** When the last change ended, in milliseconds since 1970; undefined for an unchanged machine. */
  readonly changedAt?: number | undefined
  /** When its agent last began to report, likewise. */
  readonly agentAt?: number | undefined
  /** When its disks were last released, likewise. */
  readonly disksAt?: number | undefined
}

/** The stored record of a changed machine. */
interface MachineRecord extends PowerStateDeclaration, MachineCondition {}

/** The conditions of unchanged machines. */
const UNCHANGED: Readonly<Record<PowerState, MachineCondition>> = {
  running: { powerState: 'running', etag: 2 },
  stopped: { powerState: 'stopped', etag: 2 },
  deallocated: { powerState: 'deallocated', etag: 2 }
}

/** The current states of virtual machines. An unchanged machine has the state of its declaration. */
export class MachineStates {
  readonly #states: Records<MachineRecord>

  constructor (store: Store) {
    this.#states = store.records('machineStates')
  }

  /** The power state; during a transition, the one before it. Throws a `UsageError` unless it gets a machine. */
  get (vm: VirtualMachine): MaybePromise<PowerState> {
    requireMachine(vm, 'get')
    return then(this.read(vm), ({ powerState }) => powerState)
  }

  read (vm: VirtualMachine): MaybePromise<MachineCondition> {
    return then(this.#states.get(vm.id), state => state ?? UNCHANGED[vm.initialState])
  }

  /**
   * Changes the state of one machine, and of no other. Throws a `UsageError` unless it gets a machine and a state,
   * because JavaScript programs call this, too.
   */
  set (vm: VirtualMachine, powerState: PowerState): MaybePromise<void> {
    requireMachine(vm, 'set')
    if (!powerStates.includes(powerState)) {
      throw new UsageError(`the power state of '${machineName(vm)}' must be one of ${powerStates.join(', ')}, ` +
        `not ${JSON.stringify(powerState) ?? typeof powerState}`)
    }
    return then(this.read(vm), condition => this.change(vm, { ...condition, powerState, isHibernated: undefined }))
  }

  /** Stores the condition of a machine. */
  change (vm: VirtualMachine, condition: MachineCondition): MaybePromise<void> {
    return this.#states.set(vm.id, { ...condition, ...placeOf(vm) })
  }

  /** Resets a machine to its initial state. */
  forget (vm: Pick<VirtualMachine, 'id'>): MaybePromise<void> {
    return this.#states.delete(vm.id)
  }

  /** The power states of all changed machines. */
  changed (): MaybePromise<PowerStateDeclaration[]> {
    return then(this.#states.list('/'), states => states.map(
      ({ subscriptionId, resourceGroup, name, instanceId, powerState }) =>
        ({ subscriptionId, resourceGroup, name, ...instanceId !== undefined && { instanceId }, powerState })))
  }
}

function requireMachine (vm: VirtualMachine, method: string): void {
  if (typeof vm?.id?.nameKey === 'string') return
  throw new UsageError(`machineStates.${method} needs a machine that virtualMachines.declare or find returned, ` +
    `not ${JSON.stringify(vm) ?? typeof vm}`)
}
