import { isDeepStrictEqual } from 'node:util'
import { systemClock, type Clock } from './core/clock.js'
import { createIds } from './core/ids.js'
import type { Log } from './core/log.js'
import { MachineStates } from './core/machine-states.js'
import { Operations } from './core/operations.js'
import { seededRandom, systemRandom, type Random } from './core/random.js'
import { RecentRuns } from './core/recent-runs.js'
import { ResourceGroups } from './core/resource-groups.js'
import type { Scope } from './core/scope.js'
import type { Store } from './core/store.js'
import { Subscriptions } from './core/subscriptions.js'
import { Turns } from './core/turns.js'
import { VirtualClock } from './core/virtual-clock.js'
import { VirtualMachines } from './core/virtual-machines.js'
import { Agent } from './guest/agent.js'
import { RunCommandDocuments } from './guest/documents.js'
import { ManagedIdentities } from './identity/managed-identities.js'
import { RoleAssignments } from './identity/role-assignments.js'
import { ServicePrincipals } from './identity/service-principals.js'
import type { SigningKey } from './identity/signing-key.js'
import { Tokens } from './identity/tokens.js'
import { Users } from './identity/users.js'
import type { Config } from './options/options.js'
import { chooseExecutor, maxScriptsOf } from './options/executor.js'
import type { Setup } from './options/setup.js'
import { EventLog } from './journal/event-log.js'
import { Conformance } from './conformance/conformance.js'
import { EvictedFindings } from './findings/evicted.js'
import { readDocument } from './http/openapi.js'
import { Journal } from './journal/journal.js'
import { reset, type Dropped } from './reset.js'
import { Scenarios } from './scenarios/scenarios.js'
import { stateOf, type State } from './state.js'
import { MemoryStore } from './stores/memory.js'

/** Without the secret of azrun itself, which no page and no snapshot shows. */
export type Settings = Omit<Config, 'adminToken'>

/** Everything that the surfaces of one emulator share. Each surface names the part that it needs. */
export interface Services {
  readonly clock: Clock
  /** For what may be foretold: with `--seed` it is the same in each run. Not for ids, which `newId` makes. */
  readonly random: Random
  newId (): string
  readonly store: Store
  readonly virtualMachines: VirtualMachines
  readonly machineStates: MachineStates
  readonly subscriptions: Subscriptions
  readonly resourceGroups: ResourceGroups
  readonly operations: Operations
  readonly recentRuns: RecentRuns
  /** Finds what is wrong with the entries of the journal. */
  readonly conformance: Conformance
  /** Only with the option `report`. */
  readonly evictedFindings: EvictedFindings
  readonly journal: Journal
  readonly events: EventLog
  readonly scenarios: Scenarios
  /** Loads the check of values that are to be scenarios. */
  readonly checkScenarios: () => Promise<typeof import('./options/scenario-check.js')>
  /** Where scripts take their turns, if only so many may run at once. */
  readonly turns?: Turns
  readonly agent: Agent
  readonly documents: RunCommandDocuments
  readonly tokens: Tokens
  readonly roleAssignments: RoleAssignments
  readonly servicePrincipals: ServicePrincipals
  readonly managedIdentities: ManagedIdentities
  readonly users: Users
  /** The settings in force: those of the start, until `apply` changes them. */
  readonly settings: Settings
  /** What the API for tests requires; undefined if it requires none. */
  readonly adminToken?: string
  /** The executor's name; `custom` for one that a program brought. */
  readonly executor: string
  /** Puts declarations, `strict`, fixtures, scenarios, and settings that are read for each request in force. */
  apply (changed: Pick<Setup, 'config' | 'fixtures' | 'scenarios'>): void
  /** Cancels what runs in a scope, and brings it back to how it was at the start. */
  reset (scope: Scope): Promise<Dropped>
  /** The options that start an emulator in the state of this one. */
  state (): Promise<State>
}

/** `signingKey` is called when a token is first signed or checked. */
export function createServices (setup: Setup, dataDir: string, log: Log,
  signingKey: () => Promise<SigningKey>): Services {
  const { config, parts: { clock = clockOf(config), store = new MemoryStore() } } = setup
  // How many ids clients' requests need does not change what else is drawn.
  const newId = createIds(randomOf(config, 1))
  const { executor, useFixtures } = chooseExecutor(setup, { clock, dataDir, log })
  const declared = createDeclared(config)
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
  const resettable = {
    virtualMachines: declared.virtualMachines,
    resourceGroups: new ResourceGroups(declared.virtualMachines),
    store,
    operations: new Operations({ clock, store, log, newId, onChange: operation => events.changed(operation) }),
    recentRuns: new RecentRuns(),
    journal,
    scenarios
  }
  return {
    clock,
    random,
    newId,
    ...declared,
    ...resettable,
    machineStates,
    conformance,
    evictedFindings,
    events,
    checkScenarios: () => import('./options/scenario-check.js'),
    turns: createTurns(maxScriptsOf(setup), config, log),
    agent: new Agent(executor, { clock, log }),
    documents: new RunCommandDocuments(),
    tokens,
    settings,
    adminToken,
    executor: setup.parts.executor === undefined ? config.executor : 'custom',
    apply ({ config: changed, fixtures, scenarios: configured }) {
      useFixtures(fixtures)
      scenarios.configure(configured)
      redeclare(declared, settings, changed)
      tokens.trust(changed.trustedKeys)
      const { adminToken: unchanged, ...others } = changed
      Object.assign(settings, others)
    },
    reset: scope => reset(scope, resettable),
    state: () => stateOf({ settings, machineStates, ...resettable })
  }
}

function clockOf ({ clock }: Config): Clock {
  return clock === 'virtual' ? new VirtualClock() : systemClock
}

function randomOf ({ seed }: Config, stream: number): Random {
  return seed === undefined ? systemRandom : seededRandom(seed, stream)
}

type Declared = Pick<Services, 'virtualMachines' | 'subscriptions' | 'servicePrincipals' | 'managedIdentities' | 'users' |
  'roleAssignments'>

function createDeclared (config: Settings): Declared {
  const { strict } = config
  const virtualMachines = new VirtualMachines(machinesOf(config))
  const subscriptions = new Subscriptions({ virtualMachines, declared: config.subscriptions, strict })
  const principals = principalsOf(config)
  const servicePrincipals = new ServicePrincipals(principals.servicePrincipals)
  return {
    virtualMachines,
    subscriptions,
    servicePrincipals,
    managedIdentities: new ManagedIdentities({ subscriptions, servicePrincipals, ...principals.managedIdentities }),
    users: new Users(principals.users),
    roleAssignments: new RoleAssignments(config.roleAssignments)
  }
}

function redeclare (declared: Declared, before: Settings, config: Settings): void {
  const { strict } = config
  // A program may have declared machines since: they stay as long as the declarations do.
  if (!isDeepStrictEqual(machinesOf(before), machinesOf(config))) declared.virtualMachines.redeclare(machinesOf(config))
  declared.subscriptions.redeclare({ declared: config.subscriptions, strict })
  const principals = principalsOf(config)
  declared.servicePrincipals.redeclare(principals.servicePrincipals)
  declared.managedIdentities.redeclare(principals.managedIdentities)
  declared.users.redeclare(principals.users)
  declared.roleAssignments.redeclare(config.roleAssignments)
}

function machinesOf ({ virtualMachines: declared, resourceGroups, powerStates, strict }: Settings) {
  return { declared, resourceGroups, powerStates, strict }
}

/** Under --auth strict nobody but a declared principal exists once there is one, of whichever kind. */
function principalsOf ({ auth, servicePrincipals, managedIdentities, users }: Settings) {
  const strict = auth === 'strict' && [servicePrincipals, managedIdentities, users].some(declared => declared.length > 0)
  return {
    servicePrincipals: { declared: servicePrincipals, strict },
    managedIdentities: { declared: managedIdentities, strict },
    users: { declared: users, strict }
  }
}

function createTurns (max: number | undefined, { nameOf }: Settings, log: Log): Turns | undefined {
  if (max === undefined) return undefined
  return new Turns({
    max,
    onWait (waiting) {
      // Once for each time that the machine is full; the others who wait are for those who want to know.
      log[waiting === 1 ? 'warn' : 'info'](`a script waits for its turn, ${waiting} in all: ${max} run at once ` +
        `(${nameOf('maxScripts').text})`)
    }
  })
}
