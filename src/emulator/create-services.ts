import type { Logger } from 'pino'
import { Conformance } from '../conformance/conformance.js'
import { IDENTITY_HEADER } from '../core/clouds.js'
import { createIds } from '../core/ids.js'
import { seededRandom, systemRandom, type Random } from '../core/random.js'
import { Agent } from '../guest/agent.js'
import { RunCommandDocuments } from '../guest/documents.js'
import { ManagedHandler } from '../guest/managed-handler.js'
import { readDocument } from '../http/openapi.js'
import { WaitingRequests } from '../http/waiting-requests.js'
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
import { createApply } from './apply.js'
import { createDeclared } from './declared.js'
import { reset } from './reset.js'
import type { Services } from './services.js'
import { stateOf } from './state.js'

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
  const { adminToken, ...settings } = config
  // A separate stream, so that the number of ids does not change other random values.
  const [random, newId] = [randomOf(config, 0), createIds(randomOf(config, 1))]
  const { declared, redeclare } = createDeclared(config)
  const { executor, useFixtures } = chooseExecutor(setup, { clock, dataDir, log })
  const agent = new Agent(executor, { clock, log })
  const tokens = new Tokens({ clock, newId, signingKey, trusted: config.trustedKeys })
  const { journal, events, ...records } = createRecords(config)
  const scenarios = new Scenarios({ configured: setup.scenarios, next: () => random.next() })
  scenarios.onEdit(edit => events.edited(edit))
  const machineStates = new MachineStates(store)
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
  return {
    log,
    version,
    clock,
    random,
    newId,
    ...declared,
    ...resettable,
    ...records,
    machineStates,
    inventory,
    events,
    checkScenarios: () => import('../options/scenario-check.js'),
    turns: createTurns(setup, log),
    agent,
    managedHandler: new ManagedHandler({ agent, clock, log, transfers: createTransfers(config.allowHost) }),
    documents: new RunCommandDocuments(),
    tokens,
    ...config.auth === 'strict' && { identityHeader: IDENTITY_HEADER },
    settings,
    adminToken,
    executor: setup.parts.executor === undefined ? config.executor : 'custom',
    apply: createApply({ ...resettable, settings, inventory, tokens, redeclare, useFixtures }),
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

/** What is recorded of requests, and what is found in them. */
function createRecords (config: Config): Pick<Services, 'journal' | 'events' | 'conformance' | 'evictedFindings'> {
  const conformance = new Conformance(() => readDocument('arm.json'))
  const evictedFindings = new EvictedFindings()
  const journal = new Journal({
    capacity: config.journal,
    findingsOf: (entry, isShaped) => conformance.findingsOf(entry, isShaped),
    ...config.report !== undefined && { onEvicted: entry => evictedFindings.add(entry) }
  })
  return { journal, events: new EventLog(journal), conformance, evictedFindings }
}

/** Undefined if the number of concurrent scripts is not limited. */
function createTurns (setup: Setup, log: Logger): Turns | undefined {
  const max = maxScriptsOf(setup)
  if (max === undefined) return undefined
  const option = setup.config.nameOf('maxScripts').text
  return new Turns({
    max,
    onWait (waiting) {
      // Warns once each time that the limit is reached; further waiting scripts are only logged at level info.
      log[waiting === 1 ? 'warn' : 'info'](`a script waits for its turn (${waiting} waiting): at most ${max} run at a time (${option})`)
    }
  })
}
