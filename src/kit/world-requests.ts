import type { JournalEntry } from '../journal/entry.js'
import type { Journal } from '../journal/journal.js'
import type { JournalFilter } from '../journal/query.js'
import { checkedMatch } from './expectations.js'

export interface RequestWait {
  /** The number of requests to wait for. Default: 1. */
  readonly count?: number
  /** In milliseconds of real time. Default: 10 000. */
  readonly timeout?: number
}

/** The requests to a subscription, oldest first. */
export class WorldRequests {
  readonly #journal: Journal
  readonly #subscriptionId: string

  constructor (journal: Journal, subscriptionId: string) {
    this.#journal = journal
    this.#subscriptionId = subscriptionId
  }

  /** The matching requests. Throws a `UsageError` if the filter is invalid. */
  list (filter: JournalFilter = {}): JournalEntry[] {
    const { value } = this.#journal.list({ ...checked(filter), subscriptionId: this.#subscriptionId })
    return [...value]
  }

  /**
   * Resolves to the matching requests as soon as there are enough of them. After the timeout, it rejects with a
   * `TooFewRequests`, which has the nearest ones.
   */
  async waitFor (filter: JournalFilter = {}, { count, timeout }: RequestWait = {}): Promise<JournalEntry[]> {
    const options = { count, timeoutMs: timeout, within: this.#subscriptionId }
    const { value } = await this.#journal.waitFor(checked(filter), options)
    return [...value]
  }

  /** Deletes the requests and returns their number. */
  clear (): number {
    return this.#journal.clear({ subscriptionId: this.#subscriptionId })
  }
}

function checked ({ status, scenario, clientRequestId, since, top, ...match }: JournalFilter): JournalFilter {
  return { ...checkedMatch(match, []), status, scenario, clientRequestId, since, top }
}
