import type { FastifyInstance } from 'fastify'
import type { Clock } from './core/clock.js'
import type { MachineStates } from './core/machine-states.js'
import type { ScaleSets } from './core/scale-sets.js'
import type { ScopeNames } from './core/scope.js'
import type { VirtualClock } from './core/virtual-clock.js'
import type { VirtualMachines } from './core/virtual-machines.js'
import type { DirectTokenOptions } from './identity/direct-token.js'
import type { Journal } from './journal/journal.js'
import type { Dropped } from './reset.js'
import type { Scenarios } from './scenarios/scenarios.js'

export interface Emulator {
  /** The Fastify app: `app.inject` sends a request without a port. */
  readonly app: FastifyInstance
  readonly clock: Clock
  /** The requests of clients. */
  readonly journal: Journal
  /** The virtual machines. `declare` does not validate its argument here, nor does that of `scaleSets`. */
  readonly virtualMachines: VirtualMachines
  readonly scaleSets: ScaleSets
  /** The current power states of machines, declared or not. */
  readonly machineStates: MachineStates
  /** The active scenarios. `put` does not validate its argument. */
  readonly scenarios: Scenarios
  /**
   * Cancels all runs, deletes all state, and restores the declared machines: everywhere, or only in a subscription, a
   * resource group or a machine. A reset of a subscription also deletes its scenarios. Rejects with a `UsageError` for
   * a resource group without its subscription, and for a machine without its resource group.
   */
  reset (scope?: ScopeNames): Promise<Dropped>
  /** Issues a bearer token without a login. `auth: 'strict'` accepts it, too. */
  issueToken (options?: DirectTokenOptions): Promise<string>
  /** Cancels all runs, then closes every connection. */
  close (): Promise<void>
}

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
