import { systemClock, type Clock } from './core/clock.js'
import { createIds } from './core/ids.js'
import type { Log } from './core/log.js'
import { MachineStates } from './core/machine-states.js'
import { Operations } from './core/operations.js'
import { RecentRuns } from './core/recent-runs.js'
import type { Store } from './core/store.js'
import { Subscriptions } from './core/subscriptions.js'
import { Turns } from './core/turns.js'
import { VirtualMachines } from './core/virtual-machines.js'
import { Agent } from './guest/agent.js'
import { RunCommandDocuments } from './guest/documents.js'
import { ManagedIdentities } from './identity/managed-identities.js'
import { RoleAssignments } from './identity/role-assignments.js'
import { ServicePrincipals } from './identity/service-principals.js'
import type { SigningKey } from './identity/signing-key.js'
import { Tokens } from './identity/tokens.js'
import { Users } from './identity/users.js'
import type { Config } from './options/config.js'
import { executorFrom, maxScriptsOf, type EmulatorOptions, type PlacedConfig } from './options/emulator-options.js'
import { MemoryStore } from './stores/memory.js'

/** Everything that the surfaces of one emulator share. Each surface names the part that it needs. */
export interface Services {
  readonly clock: Clock
  newId (): string
  readonly store: Store
  readonly virtualMachines: VirtualMachines
  readonly machineStates: MachineStates
  readonly subscriptions: Subscriptions
  readonly operations: Operations
  readonly recentRuns: RecentRuns
  /** Where scripts take their turns, if only so many may run at once. */
  readonly turns?: Turns
  readonly agent: Agent
  readonly documents: RunCommandDocuments
  readonly tokens: Tokens
  readonly roleAssignments: RoleAssignments
  readonly servicePrincipals: ServicePrincipals
  readonly managedIdentities: ManagedIdentities
  readonly users: Users
  readonly settings: Config
  /** The executor's name; `custom` for one that a program brought. */
  readonly executor: string
}

/** Throws a `UsageError` where an option is wrong. `signingKey` is called when a token is first signed or checked. */
export function createServices (options: EmulatorOptions, config: PlacedConfig, log: Log,
  signingKey: () => Promise<SigningKey>): Services {
  const { clock = systemClock, store = new MemoryStore() } = options
  const { strict } = config
  const newId = createIds()
  const virtualMachines = new VirtualMachines({ declared: config.virtualMachines, strict })
  const subscriptions = new Subscriptions({ virtualMachines, declared: config.subscriptions, strict })
  return {
    clock,
    newId,
    store,
    virtualMachines,
    machineStates: new MachineStates(store),
    subscriptions,
    operations: new Operations({ clock, store, log, newId }),
    recentRuns: new RecentRuns(),
    turns: createTurns(maxScriptsOf(options, config), log),
    agent: new Agent(executorFrom(options, config, { clock, log }), { log }),
    documents: new RunCommandDocuments(),
    tokens: new Tokens({ clock, newId, signingKey, trusted: config.trustedKeys }),
    roleAssignments: new RoleAssignments(config.roleAssignments),
    ...principals(config, subscriptions),
    settings: config,
    executor: typeof options.executor === 'object' ? 'custom' : config.executor
  }
}

/** Under --auth strict nobody but a declared principal exists once there is one, of whichever kind. */
function principals (config: Config, subscriptions: Subscriptions) {
  const { auth, servicePrincipals: apps, managedIdentities, users } = config
  const strict = auth === 'strict' && [apps, managedIdentities, users].some(declared => declared.length > 0)
  const servicePrincipals = new ServicePrincipals({ declared: apps, strict })
  return {
    servicePrincipals,
    managedIdentities: new ManagedIdentities({ subscriptions, servicePrincipals, declared: managedIdentities, strict }),
    users: new Users({ declared: users, strict })
  }
}

function createTurns (max: number | undefined, log: Log): Turns | undefined {
  if (max === undefined) return undefined
  return new Turns({
    max,
    onWait (waiting) {
      // Once for each time that the machine is full; the others who wait are for those who want to know.
      log[waiting === 1 ? 'warn' : 'info'](`a script waits for its turn, ${waiting} in all: ${max} run at once ` +
        '(--max-scripts)')
    }
  })
}
