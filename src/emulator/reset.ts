import type { Scope } from '../core/scope.js'
import type { Store } from '../core/store.js'
import type { WaitingRequests } from '../http/waiting-requests.js'
import type { Journal } from '../journal/journal.js'
import type { Operations } from '../operations/operations.js'
import type { RecentRuns } from '../operations/recent-runs.js'
import type { DeclaredGroups } from '../resources/declared-groups.js'
import type { ManagedRunCommands } from '../resources/managed-run-commands.js'
import type { ResourceGroups } from '../resources/resource-groups.js'
import type { Scenarios } from '../scenarios/scenarios.js'

/** The numbers of what a reset has deleted. */
export interface Dropped {
  readonly operations: number
  /** Entries of the journal. */
  readonly requests: number
  readonly scenarios: number
  /** Managed run commands. */
  readonly runCommands: number
}

/** The services that a reset needs. */
export interface Resettable {
  readonly groups: DeclaredGroups
  readonly journal: Journal
  readonly operations: Operations
  readonly recentRuns: RecentRuns
  readonly resourceGroups: ResourceGroups
  readonly runCommands: ManagedRunCommands
  readonly scenarios: Scenarios
  readonly store: Store
  readonly waitingRequests: WaitingRequests
}

/**
 * Cancels all runs in a scope and waits until they end, and refuses the requests that scenarios delay there. Then it
 * deletes the scope's state and restores its declared machines and scale sets. Runs elsewhere go on. A scope narrower
 * than a subscription has no scenarios. A machine's name may mean an instance of a scale set, which is then reset, too.
 */
export async function reset (scope: Scope, parts: Resettable): Promise<Dropped> {
  const dropped = await resetAt(scope, parts)
  if (scope.ofInstance === undefined) return dropped
  const more = await resetAt(scope.ofInstance, parts)
  return {
    operations: dropped.operations + more.operations,
    requests: dropped.requests + more.requests,
    scenarios: dropped.scenarios + more.scenarios,
    runCommands: dropped.runCommands + more.runCommands
  }
}

async function resetAt (scope: Scope, parts: Resettable): Promise<Dropped> {
  const { groups, journal, operations, recentRuns, resourceGroups, runCommands, scenarios, store } = parts
  const { subscriptionId, resourceGroup, vmName } = scope
  const dropped = { requests: 0, scenarios: 0, runCommands: 0 }
  parts.waitingRequests.refuse(scope)
  const message = 'The emulator was reset before the operation ended.'
  const canceled = await operations.reset(scope, message, async () => {
    dropped.runCommands = await runCommands.count(scope)
    await store.clear(scope.prefix)
    await runCommands.declare(scope)
    groups.reset(scope)
    resourceGroups.reset(scope)
    recentRuns.clear(scope)
    dropped.requests = journal.clear({ subscriptionId, resourceGroup, vmName })
    if (resourceGroup === undefined) dropped.scenarios = scenarios.reset(subscriptionId)
  })
  return { operations: canceled, ...dropped }
}
