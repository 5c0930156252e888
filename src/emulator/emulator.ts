import type { FastifyInstance } from 'fastify'
import type { ResourceId } from '../core/resource-id.js'
import type { ScopeNames } from '../core/scope.js'
import type { DirectTokenOptions } from '../identity/direct-token.js'
import type { Journal as WholeJournal } from '../journal/journal.js'
import type { MachineStates as AllStates } from '../resources/machine-states.js'
import type { ScaleSet, ScaleSetDeclaration, ScaleSets as DeclaredSets } from '../resources/scale-sets.js'
import type {
  VirtualMachine, VirtualMachineDeclaration, VirtualMachines as DeclaredMachines
} from '../resources/virtual-machines.js'
import type { Scenarios as ActiveScenarios } from '../scenarios/scenarios.js'
import type { Clock } from '../time/clock.js'
import type { VirtualClock } from '../time/virtual-clock.js'
import type { Dropped } from './reset.js'

/** The virtual machines that exist. */
export interface VirtualMachines extends Pick<DeclaredMachines, 'find' | 'isDeclared' | 'list'> {
  /**
   * Adds a machine, or replaces the one of that name: it gets the declared state, and what runs on it goes on. From
   * then on its resource group has only declared machines. Rejects with a `UsageError` for a declaration that is not
   * valid.
   */
  declare (machine: VirtualMachineDeclaration): Promise<VirtualMachine>
  /**
   * Removes a declared machine with everything that runs on it; false if there is none. Its resource group still has
   * only declared machines.
   */
  remove (id: ResourceId): Promise<boolean>
}

/** The scale sets that exist, and their instances. */
export interface ScaleSets extends Pick<DeclaredSets, 'find' | 'instance' | 'instances' | 'isDeclared' | 'list'> {
  /**
   * Adds a scale set, or replaces the one of that name. Its instances get their initial states; those that it no longer
   * has are removed with everything that runs on them. From then on its resource group has only declared resources.
   * Rejects with a `UsageError` for a declaration that is not valid.
   */
  declare (scaleSet: ScaleSetDeclaration): Promise<ScaleSet>
  /**
   * Removes a declared scale set with everything that runs on it; false if there is none. Its resource group still has
   * only declared resources.
   */
  remove (id: ResourceId): Promise<boolean>
}

/** The current power states of machines, declared or not. */
export interface MachineStates extends Pick<AllStates, 'get' | 'set'> {}

/** The requests of clients. */
export interface Journal extends Pick<WholeJournal,
  'clear' | 'evicted' | 'get' | 'isOn' | 'list' | 'next' | 'verify' | 'waitFor'> {}

/** The active scenarios. `put` and `replaceAll` check only the members of `match`; those of azrun/test check all. */
export interface Scenarios extends Pick<ActiveScenarios,
  'clear' | 'delete' | 'find' | 'list' | 'named' | 'onMatch' | 'put' | 'replaceAll' | 'reset' | 'waitFor'> {}

/** An emulator with or without a port. Each has its own state, so several can be in one process. */
export interface Emulator {
  /** The Fastify app: `app.inject` sends a request without a port. */
  readonly app: FastifyInstance
  readonly clock: Clock
  readonly journal: Journal
  readonly virtualMachines: VirtualMachines
  readonly scaleSets: ScaleSets
  readonly machineStates: MachineStates
  readonly scenarios: Scenarios
  /**
   * Cancels all runs, deletes all state, and restores the machines and scenarios of the start: everywhere, or only in a
   * subscription, a resource group or a machine; the last two have no scenarios. Rejects with a `UsageError` for a
   * resource group without its subscription, and for a machine without its resource group.
   */
  reset (scope?: ScopeNames): Promise<Dropped>
  /** Issues a bearer token without a login. `auth: 'strict'` accepts it, too. */
  issueToken (options?: DirectTokenOptions): Promise<string>
  /** Cancels all runs, then closes every connection. */
  close (): Promise<void>
}

/** An emulator that listens on a port, with and without TLS. */
export interface RunningEmulator extends Emulator {
  readonly url: string
  /** The same port without TLS. */
  readonly httpUrl: string
  readonly port: number
  /** The certificate to trust: NODE_EXTRA_CA_CERTS, or the `ca` of a TLS option. */
  readonly caFile: string
  /**
   * The token for the API for tests: that of the option, else a random one if `host` is not loopback; undefined if the
   * API requires none.
   */
  readonly adminToken?: string
}

/** An emulator that was started with the option `clock: 'virtual'`. */
export type WithVirtualClock<Made extends Emulator> = Made & { readonly clock: VirtualClock }

/** An emulator with those members of its parts that are for azrun itself. */
export interface WholeEmulator extends Emulator {
  readonly journal: WholeJournal
  readonly machineStates: AllStates
  readonly scenarios: ActiveScenarios
}
