import type { Logger } from 'pino'
import type { Conformance } from '../conformance/conformance.js'
import type { Random } from '../core/random.js'
import type { Scope } from '../core/scope.js'
import type { Store } from '../core/store.js'
import type { Agent } from '../guest/agent.js'
import type { RunCommandDocuments } from '../guest/documents.js'
import type { ManagedHandler } from '../guest/managed-handler.js'
import type { WaitingRequests } from '../http/waiting-requests.js'
import type { Tokens } from '../identity/tokens.js'
import type { EventLog } from '../journal/event-log.js'
import type { Journal } from '../journal/journal.js'
import type { Operations } from '../operations/operations.js'
import type { RecentRuns } from '../operations/recent-runs.js'
import type { Turns } from '../operations/turns.js'
import type { Config } from '../options/options.js'
import type { Setup } from '../options/setup.js'
import type { EvictedFindings } from '../reports/evicted-findings.js'
import type { Inventory } from '../resources/inventory.js'
import type { MachineStates } from '../resources/machine-states.js'
import type { ManagedRunCommands } from '../resources/managed-run-commands.js'
import type { ResourceGroups } from '../resources/resource-groups.js'
import type { Scenarios } from '../scenarios/scenarios.js'
import type { Clock } from '../time/clock.js'
import type { Declared } from './declared.js'
import type { Dropped } from './reset.js'
import type { State } from './state.js'

/** The options without azrun's own secret, which no page and no snapshot may show. */
export type Settings = Omit<Config, 'adminToken'>

/** The services that the surfaces of an emulator share. Each surface declares those that it needs. */
export interface Services extends Declared {
  readonly log: Logger
  /** The version of azrun. */
  readonly version: string
  readonly clock: Clock
  /** For everything that may be predictable: with `--seed` it is the same in each run. Ids come from `newId`. */
  readonly random: Random
  newId (): string
  readonly store: Store
  readonly machineStates: MachineStates
  readonly inventory: Inventory
  readonly resourceGroups: ResourceGroups
  readonly operations: Operations
  readonly recentRuns: RecentRuns
  /** Checks the entries of the journal against the contract. */
  readonly conformance: Conformance
  /** Only with the option `report`. */
  readonly evictedFindings: EvictedFindings
  readonly journal: Journal
  readonly events: EventLog
  readonly scenarios: Scenarios
  /** Loads the validation of scenarios. */
  readonly checkScenarios: () => Promise<typeof import('../options/scenario-check.js')>
  /** Where scripts wait for their turn, if the number of concurrent scripts is limited. */
  readonly turns?: Turns
  readonly agent: Agent
  readonly documents: RunCommandDocuments
  readonly managedHandler: ManagedHandler
  /** The managed run commands of all machines. */
  readonly runCommands: ManagedRunCommands
  readonly tokens: Tokens
  /** The value of IDENTITY_HEADER or MSI_SECRET that clients must send; undefined if any is accepted. */
  readonly identityHeader?: string
  /** Those that scenarios delay. */
  readonly waitingRequests: WaitingRequests
  /** The current settings: those of the start, until `apply` changes them. */
  readonly settings: Settings
  /** The token for the API for tests; undefined if it requires none. */
  readonly adminToken?: string
  /** The executor's name; `custom` for one of a program. */
  readonly executor: string
  /** Applies changed declarations, `strict`, fixtures, scenarios, and settings that are read for each request. */
  apply (changed: Pick<Setup, 'config' | 'fixtures' | 'scenarios'>): Promise<void>
  /** Cancels all runs in a scope, and restores its initial state. */
  reset (scope: Scope): Promise<Dropped>
  /** The options that start another emulator in the state of this one. */
  state (): Promise<State>
}
