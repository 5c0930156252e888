import type { Operation } from '../operations/operation.js'
import type { ScenariosEdit } from '../scenarios/listeners.js'
import { eventOf, eventsOf, type Change, type JournalEvent, type Reset } from './events.js'
import type { Journal } from './journal.js'

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

  #add (change: Change): void {
    this.#changes[this.#next] = change
    this.#next = (this.#next + 1) % KEPT_CHANGES
    if (this.#listeners.size > 0) this.#tell(eventOf(change))
  }

  #tell (event: JournalEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
