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
  | { readonly event: 'scenario', readonly data: ScenarioMatch }
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
export interface ScenarioMatch {
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
type Change = { readonly id: number } & (
  | { readonly event: 'operation', readonly data: Operation }
  | Extract<JournalEvent, { readonly event: 'scenarios' | 'reset' }>)

type Listener = (event: JournalEvent) => void

/** The number of changes to keep for followers that reconnect. */
const KEPT_CHANGES = 1000

/** Publishes events and keeps the latest changes. The journal keeps requests and the scenarios that applied to them. */
export class EventLog {
  readonly #journal: Journal
  readonly #listeners = new Set<Listener>()
  /** Set while there are listeners. */
  #unfollow = () => {}
  readonly #closers = new Set<() => void>()
  readonly #changes: Change[] = []
  /** The index for the next change, which replaces the oldest once the list is full. */
  #next = 0

  constructor (journal: Journal) {
    this.#journal = journal
  }

  /** Publishes that an operation has begun or ended. */
  changed (operation: Operation): void {
    this.#add({ id: this.#journal.nextEventId(), event: 'operation', data: operation })
  }

  /** Publishes that scenarios were added or removed. */
  edited (edit: ScenariosEdit): void {
    this.#add({ id: this.#journal.nextEventId(), event: 'scenarios', data: edit })
  }

  /** Publishes that a reset has finished. */
  reset (reset: Reset): void {
    this.#add({ id: this.#journal.nextEventId(), event: 'reset', data: reset })
  }

  /**
   * Calls `listener` with each new event, the same object for all listeners, and `onClose` when azrun closes. Returns a
   * function that unsubscribes.
   */
  follow (listener: Listener, onClose: () => void): () => void {
    if (this.#listeners.size === 0) {
      this.#unfollow = this.#journal.follow(call => {
        for (const event of eventsOf(this.#journal, call)) this.#tell(event)
      })
    }
    this.#listeners.add(listener)
    this.#closers.add(onClose)
    return () => {
      this.#listeners.delete(listener)
      this.#closers.delete(onClose)
      if (this.#listeners.size === 0) this.#unfollow()
    }
  }

  /** Calls `onClose` of all followers. */
  close (): void {
    for (const close of [...this.#closers]) close()
  }

  #add (change: Change): void {
    this.#changes[this.#next] = change
    this.#next = (this.#next + 1) % KEPT_CHANGES
    if (this.#listeners.size > 0) this.#tell(eventOf(change))
  }

  #tell (event: JournalEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  /** The id of the last event before those of the newest requests; `requests` is the number of these. */
  before (requests: number): number {
    const first = [...this.#journal.calls()].at(-requests)
    return first === undefined ? 0 : first.entry.eventId - 1
  }

  /**
   * The kept events after the one with this id, up to the newest one at the beginning, in order. Others may come, and
   * requests be dropped, between two steps.
   */
  * keptAfter (after: number): IterableIterator<JournalEvent> {
    const changes = this.#changes.filter(({ id }) => id > after).sort((one, other) => one.id - other.id)
    for (const call of this.#journal.calls()) {
      const { eventId } = call.entry
      // Read before the next pause, after which the call may be gone.
      const ofCall = [...eventsOf(this.#journal, call, after)]
      while (changes.length > 0 && changes[0]!.id < eventId) yield eventOf(changes.shift()!)
      yield * ofCall
    }
    yield * changes.map(eventOf)
  }
}

/** The events of a request after an id. */
function * eventsOf (journal: Journal, call: JournalCall, after = 0): IterableIterator<JournalEvent> {
  const { eventId, sequence } = call.entry
  if (eventId > after) yield { id: eventId, event: 'request', data: journal.show(call) }
  for (const [index, name] of call.scenarios.entries()) {
    const id = eventId + 1 + index
    const { operation, vmName } = call
    if (id > after) yield { id, event: 'scenario', data: { name, sequence, operation, vmName } }
  }
}

function eventOf (change: Change): JournalEvent {
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
