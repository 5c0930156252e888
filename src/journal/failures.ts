import type { JournalEntry } from './entry.js'
import type { NearMiss } from './near-misses.js'
import { evictedText, nearestText, type Failure } from './verify.js'

/** Why too few requests were found. */
export interface Lack {
  /** The number of those that came. */
  readonly total: number
  readonly evicted: number
  readonly count: number
  readonly timeout: number
  /** Whether azrun was closed before the end of the time. */
  readonly isClosed: boolean
  readonly nearest: readonly NearMiss[]
  /** A description of the filter. */
  readonly sought: string
}

/** What is lacking, in a sentence. */
export function lackText ({ total, count, sought, timeout, isClosed, nearest, evicted }: Lack): string {
  const end = isClosed ? 'before azrun was closed' : `within ${timeout / 1000} s`
  return `${total} of ${count} requests ${sought} came ${end}.${nearestText(nearest)}${evictedText(evicted)}`
}

/** Fewer requests than expected came in time. */
export class TooFewRequests extends Error {
  override readonly name = 'TooFewRequests'
  /** The matching entries. */
  readonly found: readonly JournalEntry[]
  /** The requests that match best. */
  readonly nearest: readonly NearMiss[]
  readonly evicted: number

  constructor ({ found, ...lack }: Lack & { readonly found: readonly JournalEntry[] }) {
    super(lackText(lack))
    this.found = found
    this.nearest = lack.nearest
    this.evicted = lack.evicted
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
