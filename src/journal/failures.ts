import type { JournalEntry } from './entry.js'
import type { NearMiss } from './near-misses.js'
import { evictedText, nearestText, type Failure } from './verify.js'

export interface TooFewRequestsOptions {
  /** The matching entries. */
  readonly value: readonly JournalEntry[]
  readonly total: number
  readonly evicted: number
  readonly count: number
  readonly timeout: number
  readonly nearest: readonly NearMiss[]
  /** A description of the filter. */
  readonly sought: string
}

/** Fewer requests than expected came in time. */
export class TooFewRequests extends Error {
  override readonly name = 'TooFewRequests'
  readonly found: readonly JournalEntry[]
  /** The requests that match best. */
  readonly nearest: readonly NearMiss[]
  readonly evicted: number

  constructor ({ value, total, evicted, count, timeout, nearest, sought }: TooFewRequestsOptions) {
    super(`${total} of ${count} requests ${sought} came within ${timeout / 1000} s.${nearestText(nearest)}${evictedText(evicted)}`)
    this.found = value
    this.nearest = nearest
    this.evicted = evicted
  }
}

/** Clients did not send the expected requests. */
export class NotVerified extends Error {
  override readonly name = 'NotVerified'
  readonly failures: readonly Failure[]
  /** The number of entries that the journal had dropped. */
  readonly evicted: number

  constructor (failures: readonly Failure[], evicted: number) {
    super(failures.map(({ text }) => text).join('\n'))
    this.failures = failures
    this.evicted = evicted
  }
}
