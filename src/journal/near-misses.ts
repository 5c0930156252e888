import { withCommandOperations } from '../matching/match.js'
import { inTurns } from '../time/turns.js'
import type { Calls } from './calls.js'
import { differenceOf, membersOf, type Member } from './filter-members.js'
import type { JournalCall } from './journal-call.js'
import { likenessTo } from './likeness.js'
import type { JournalFilter } from './query.js'

/** A request that nearly matches, with the differences. */
export interface NearMiss {
  readonly sequence: number
  /** Such as `script: sent 'df -h', expected 'df*\/'`. */
  readonly differences: readonly string[]
}

export interface NearMissesOptions {
  /** Only requests to this subscription. Default: all. */
  readonly within?: string | undefined
  /** Ends the search early, with a rejection. */
  readonly signal?: AbortSignal | undefined
}

/** The number of near misses of a filter. */
const MOST_FOUND = 3

/** The number of requests whose texts are compared: the newest of those that differ in the fewest members. */
const MOST_COMPARED = 1000

/** A member, with a rating of how similar the sent value is. */
interface ComparedMember extends Member {
  likenessOf (sent: string): number
}

interface Miss {
  readonly sequence: number
  readonly differing: readonly ComparedMember[]
  /** Less for fewer differing members, and for the same operation. */
  readonly cost: number
}

/**
 * For each filter, the requests that differ in the fewest members, up to three, while others have their turns. Among
 * equals, requests of the same operation come first, then those with the most similar texts, then the newest.
 */
export async function nearMisses (filters: readonly JournalFilter[], calls: Calls,
  { within, signal }: NearMissesOptions): Promise<NearMiss[][]> {
  const searches = filters.map(filter => new Search(filter))
  await inTurns(calls.all(within), call => { for (const search of searches) search.add(call) }, signal)
  const found: NearMiss[][] = []
  for (const search of searches) found.push(await search.nearest(calls, signal))
  return found
}

/** It keeps the numbers of requests, since a request can be dropped before it is compared. */
class Search {
  readonly #members: readonly ComparedMember[]
  readonly #since: number
  readonly #misses: Miss[] = []

  constructor (filter: JournalFilter) {
    this.#since = filter.since ?? 0
    this.#members = membersOf(withCommandOperations(filter)).map(member =>
      ({ ...member, likenessOf: likenessTo(member.expected.replaceAll('*', '')) }))
  }

  add (call: JournalCall): void {
    const { sequence } = call.entry
    if (sequence <= this.#since) return
    const differing = this.#members.filter(member => !member.matches(call))
    if (differing.length > 0) this.#misses.push({ sequence, differing, cost: costOf(differing) })
  }

  async nearest (calls: Calls, signal?: AbortSignal): Promise<NearMiss[]> {
    const compared = this.#misses.sort((one, other) => one.cost - other.cost || other.sequence - one.sequence)
      .slice(0, MOST_COMPARED)
    const likenesses = new Map<Miss, number>()
    await inTurns(compared, miss => { likenesses.set(miss, likenessOf(miss, calls.get(miss.sequence))) }, signal)
    compared.sort((one, other) => one.cost - other.cost || likenesses.get(other)! - likenesses.get(one)!)
    return compared.slice(0, MOST_FOUND).flatMap(({ sequence, differing }) => {
      const call = calls.get(sequence)
      return call === undefined ? [] : [{ sequence, differences: differing.map(member => differenceOf(member, call)) }]
    })
  }
}

function costOf (differing: readonly Member[]): number {
  return differing.length * 2 + (differing.some(({ name }) => name === 'operation') ? 1 : 0)
}

/** How similar the texts that differ are. 0 for a request that is gone. */
function likenessOf ({ differing }: Miss, call: JournalCall | undefined): number {
  return differing.reduce((sum, { sent, likenessOf }) => sum + likenessOf((call && sent(call)) ?? ''), 0)
}
