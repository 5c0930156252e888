import { UsageError } from '../core/usage-error.js'
import type { Journal } from '../emulator/emulator.js'
import type { JournalEntry } from '../journal/entry.js'
import type { JournalFilter } from '../journal/query.js'
import { matchMistakes } from '../scenarios/check.js'
import { checkedOptions, checkValues } from './checked-options.js'
import { checkedMatch, refuse } from './expectations.js'

/** How many requests to wait for, and how long. */
export interface RequestWait {
  /** The number of requests to wait for. Default: 1. */
  readonly count?: number
  /** In milliseconds of real time. Default: 10 000. */
  readonly timeout?: number
}

/** The requests that clients have sent to a subscription, oldest first. */
export class SubscriptionRequests {
  readonly #journal: Journal
  readonly #subscriptionId: string

  constructor (journal: Journal, subscriptionId: string) {
    this.#journal = journal
    this.#subscriptionId = subscriptionId
  }

  /** The requests that match. Throws a `UsageError` for a filter that is not valid. */
  list (filter: JournalFilter = {}): JournalEntry[] {
    const { value } = this.#journal.list({ ...this.#checked(filter, 'requests.list'), subscriptionId: this.#subscriptionId })
    return [...value]
  }

  /**
   * Resolves with the requests that match as soon as there are enough. After the timeout, rejects with a
   * `TooFewRequests`, which has those that nearly match.
   */
  async waitFor (filter: JournalFilter = {}, options: RequestWait = {}): Promise<JournalEntry[]> {
    const { count, timeout } = checkedOptions(options, ['count', 'timeout'], 'requests.waitFor')
    const checked = this.#checked(filter, 'requests.waitFor')
    const { value } = await this.#journal.waitFor(checked, { count, timeout, within: this.#subscriptionId })
    return [...value]
  }

  /** Deletes the requests that match, and returns how many there were. Throws a `UsageError` as `list` does. */
  clear (filter: Omit<JournalFilter, 'top'> = {}): number {
    return this.#journal.clear({ ...this.#checked(filter, 'requests.clear'), subscriptionId: this.#subscriptionId })
  }

  #checked (filter: JournalFilter, method: string): JournalFilter {
    if (typeof filter !== 'object' || filter === null) refuse(matchMistakes(filter), 'the filter')
    const { status, scenario, clientRequestId, since, top, ...match } = filter
    const { subscriptionId = this.#subscriptionId } = checkedMatch(match, [])
    if (subscriptionId.toLowerCase() !== this.#subscriptionId) {
      throw new UsageError(`'subscriptionId' of ${method} must be ${this.#subscriptionId}, that of its own subscription, ` +
        `not "${subscriptionId}": leave it out`)
    }
    const others = { status, scenario, clientRequestId, since, top }
    checkValues(others, method)
    return { ...match, ...others }
  }
}
