import type { JournalEntry } from '../journal/entry.js'
import type { Journal } from '../journal/journal.js'
import type { JournalFilter } from '../journal/query.js'
import { checkedMatch } from './expectations.js'
import type { WorldScenarios } from './world-scenarios.js'

export interface RequestWait {
  /** How many requests to wait for. Default: 1. */
  readonly count?: number
  /** Milliseconds of real time. Default: 10 000. */
  readonly timeout?: number
}

/** What clients have sent to a subscription, oldest first. */
export class WorldRequests {
  readonly #journal: Journal
  readonly #scenarios: WorldScenarios
  readonly #subscriptionId: string

  constructor (journal: Journal, scenarios: WorldScenarios, subscriptionId: string) {
    this.#journal = journal
    this.#scenarios = scenarios
    this.#subscriptionId = subscriptionId
  }

  /** Those that match. Throws a `UsageError` for a filter that is not valid. */
  list (filter: JournalFilter = {}): JournalEntry[] {
    const { value } = this.#journal.list({ ...this.#checked(filter), subscriptionId: this.#subscriptionId })
    return value.map(entry => this.#shown(entry))
  }

  /**
   * Those that match, as soon as there are enough of them. Rejects with a `TooFewRequests`, which has the nearest, once
   * the time is over.
   */
  async waitFor (filter: JournalFilter = {}, { count, timeout }: RequestWait = {}): Promise<JournalEntry[]> {
    const options = { count, timeoutMs: timeout, within: this.#subscriptionId }
    const { value } = await this.#journal.waitFor(this.#checked(filter), options)
    return value.map(entry => this.#shown(entry))
  }

  /** Forgets them, and says how many there were. */
  clear (): number {
    return this.#journal.clear({ subscriptionId: this.#subscriptionId })
  }

  #checked ({ status, scenario, clientRequestId, since, top, ...match }: JournalFilter): JournalFilter {
    return {
      ...checkedMatch(match, []),
      ...scenario !== undefined && { scenario: this.#scenarios.ownName(scenario) },
      status,
      clientRequestId,
      since,
      top
    }
  }

  #shown (entry: JournalEntry): JournalEntry {
    const { scenario } = entry
    return scenario === undefined ? entry : { ...entry, scenario: this.#scenarios.plainNames(scenario) }
  }
}
