import { machineNameIn } from '../core/resource-id.js'
import type { ScopeNames } from '../core/scope.js'
import type { Operation } from '../operations/operation.js'
import type { ScenariosEdit } from '../scenarios/listeners.js'
import type { JournalEntry } from './entry.js'
import type { JournalCall } from './journal-call.js'
import type { Journal } from './journal.js'

/** An event. Ids count the events of all kinds. */
export type JournalEvent = { readonly id: number } & (
  | { readonly event: 'request', readonly data: JournalEntry }
  | { readonly event: 'operation', readonly data: OperationChange }
  | { readonly event: 'scenario', readonly data: AppliedScenario }
  | { readonly event: 'scenarios', readonly data: ScenariosEdit }
  | { readonly event: 'reset', readonly data: Reset })

/** The new state of an operation. */
export interface OperationChange {
  readonly id: string
  readonly status: Operation['status']
  readonly action: string
  readonly subscriptionId: string
  /** The path of the resource. */
  readonly resourceId: string
  /** The machine in the path. */
  readonly vmName?: string | undefined
  readonly startTime: string
  readonly endTime?: string
  readonly error?: { readonly code: string, readonly message: string }
}

/** A scenario that applied to a request. */
export interface AppliedScenario {
  readonly name: string
  /** The number of the journal's entry. */
  readonly sequence: number
  readonly operation?: string | undefined
  readonly vmName?: string | undefined
}

/** A finished reset. Without names it covered everything. */
export interface Reset extends ScopeNames {
  readonly dropped: Readonly<Record<'operations' | 'requests' | 'scenarios' | 'runCommands', number>>
}

/** An event that the journal does not keep. An operation is in its state at that time. */
export type Change = { readonly id: number } & (
  | { readonly event: 'operation', readonly data: Operation }
  | Extract<JournalEvent, { readonly event: 'scenarios' | 'reset' }>)

/** The events of a request after an id. */
export function * eventsOf (journal: Journal, call: JournalCall, after = 0): IterableIterator<JournalEvent> {
  const { eventId, sequence } = call.entry
  if (eventId > after) yield { id: eventId, event: 'request', data: journal.show(call) }
  for (const [index, name] of call.scenarios.entries()) {
    const id = eventId + 1 + index
    const { operation, vmName } = call
    if (id > after) yield { id, event: 'scenario', data: { name, sequence, operation, vmName } }
  }
}

/** A change as an event. */
export function eventOf (change: Change): JournalEvent {
  return change.event === 'operation' ? { ...change, data: changeOf(change.data) } : change
}

function changeOf (operation: Operation): OperationChange {
  const { id, status, action, subscriptionId, resourceId, startTime } = operation
  return {
    id,
    status,
    action,
    subscriptionId,
    resourceId,
    vmName: machineNameIn(resourceId),
    startTime: new Date(startTime).toISOString(),
    ...operation.status !== 'InProgress' && { endTime: new Date(operation.endTime).toISOString() },
    ...'error' in operation && { error: operation.error }
  }
}
