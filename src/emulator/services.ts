import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { Conformance } from '../conformance/conformance.js'
import { IDENTITY_HEADER } from '../core/clouds.js'
import { createIds } from '../core/ids.js'
import { seededRandom, systemRandom, type Random } from '../core/random.js'
import type { Scope } from '../core/scope.js'
import type { Store } from '../core/store.js'
import { WaitingRequests } from '../core/waiting-requests.js'
import { Agent } from '../guest/agent.js'
import { RunCommandDocuments } from '../guest/documents.js'
import { ManagedHandler } from '../guest/managed-handler.js'
import { readDocument } from '../http/openapi.js'
import type { SigningKey } from '../identity/signing-key.js'
import { Tokens } from '../identity/tokens.js'
import { EventLog } from '../journal/event-log.js'
import { Journal } from '../journal/journal.js'
import { Operations } from '../operations/operations.js'
import { RecentRuns } from '../operations/recent-runs.js'
import { Turns } from '../operations/turns.js'
import { chooseExecutor, maxScriptsOf } from '../options/choose-executor.js'
import type { Config } from '../options/options.js'
import type { Setup } from '../options/setup.js'
import { EvictedFindings } from '../reports/evicted-findings.js'
import { Inventory } from '../resources/inventory.js'
import { MachineStates } from '../resources/machine-states.js'
import { ManagedRunCommands } from '../resources/managed-run-commands.js'
import { ResourceGroups } from '../resources/resource-groups.js'
import { Scenarios } from '../scenarios/scenarios.js'
import { MemoryStore } from '../stores/memory.js'
import { systemClock, type Clock } from '../time/clock.js'
import { VirtualClock } from '../time/virtual-clock.js'
import { createTransfers } from '../transfers/transfers.js'
import { version } from '../version.js'
import { createDeclared, type Declared } from './declared.js'
import { reset, type Dropped } from './reset.js'
import { stateOf, type State } from './state.js'

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

export interface ServicesOptions {
  readonly setup: Setup
  /** The path of the data directory. */
  readonly dataDir: string
  readonly log: Logger
  /** Called when a token is first signed or verified. */
  signingKey (): Promise<SigningKey>
}

/** Creates the services of an emulator from its options. None of them listens or runs anything yet. */
export function createServices ({ setup, dataDir, log, signingKey }: ServicesOptions): Services {
  const { config, parts: { clock = clockOf(config), store = new MemoryStore() } } = setup
  // A separate stream, so that the number of ids does not change other random values.
  const newId = createIds(randomOf(config, 1))
  const { executor, useFixtures } = chooseExecutor(setup, { clock, dataDir, log })
  const { declared, redeclare } = createDeclared(config)
  const conformance = new Conformance(() => readDocument('arm.json'))
  const evictedFindings = new EvictedFindings()
  const journal = new Journal({
    capacity: config.journal,
    findingsOf: (entry, isShaped) => conformance.findingsOf(entry, isShaped),
    ...config.report !== undefined && { onEvicted: entry => evictedFindings.add(entry) }
  })
  const events = new EventLog(journal)
  const tokens = new Tokens({ clock, newId, signingKey, trusted: config.trustedKeys })
  const { adminToken, ...settings } = config
  const machineStates = new MachineStates(store)
  const random = randomOf(config, 0)
  const scenarios = new Scenarios({ configured: setup.scenarios, next: () => random.next() })
  scenarios.onEdit(edit => events.edited(edit))
  const resettable = {
    groups: declared.groups,
    resourceGroups: new ResourceGroups(declared.groups, config.resourceGroupStates),
    store,
    operations: new Operations({ clock, store, log, newId, onChange: operation => events.changed(operation) }),
    recentRuns: new RecentRuns(),
    runCommands: new ManagedRunCommands(store, config.runCommands),
    journal,
    scenarios,
    waitingRequests: new WaitingRequests()
  }
  const inventory = new Inventory({ ...declared, ...resettable, machineStates })
  const agent = new Agent(executor, { clock, log })
  return {
    log,
    version,
    clock,
    random,
    newId,
    ...declared,
    ...resettable,
    machineStates,
    inventory,
    conformance,
    evictedFindings,
    events,
    checkScenarios: () => import('../options/scenario-check.js'),
    turns: createTurns(maxScriptsOf(setup), config, log),
    agent,
    managedHandler: new ManagedHandler({ agent, clock, log, transfers: createTransfers(config.allowHost) }),
    documents: new RunCommandDocuments(),
    tokens,
    ...config.auth === 'strict' && { identityHeader: IDENTITY_HEADER },
    settings,
    adminToken,
    executor: setup.parts.executor === undefined ? config.executor : 'custom',
    async apply ({ config: changed, fixtures, scenarios: configured }) {
      const hasRunCommands = !isDeepStrictEqual(settings.runCommands, changed.runCommands)
      // Everything changes in one step, so that no request sees only a part of it.
      await inventory.redeclare(() => {
        useFixtures(fixtures)
        scenarios.configure(configured)
        redeclare(changed)
        tokens.trust(changed.trustedKeys)
        const { adminToken: unchanged, ...others } = changed
        Object.assign(settings, others)
      })
      if (hasRunCommands) await resettable.runCommands.redeclare(changed.runCommands)
    },
    async reset (scope) {
      const dropped = await reset(scope, resettable)
      const { subscriptionId, resourceGroup, vmName } = scope
      events.reset({ subscriptionId, resourceGroup, vmName, dropped })
      return dropped
    },
    state: () => stateOf({ settings, machineStates, ...declared, ...resettable })
  }
}

function clockOf ({ clock }: Config): Clock {
  return clock === 'virtual' ? new VirtualClock() : systemClock
}

function randomOf ({ seed }: Config, stream: number): Random {
  return seed === undefined ? systemRandom : seededRandom(seed, stream)
}

function createTurns (max: number | undefined, { nameOf }: Settings, log: Logger): Turns | undefined {
  if (max === undefined) return undefined
  return new Turns({
    max,
    onWait (waiting) {
      // Warns once each time that the limit is reached; further waiting scripts are only logged at level info.
      log[waiting === 1 ? 'warn' : 'info'](`a script waits for its turn (${waiting} waiting): at most ${max} run at a time ` +
        `(${nameOf('maxScripts').text})`)
    }
  })
}
