import { wildcard } from '../core/wildcard.js'
import { compileMatch, own, withCommandOperations, type Match } from '../matching/match.js'
import { inTurns } from '../time/turns.js'
import type { Calls } from './calls.js'
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

/** One member of a filter. */
interface Member {
  readonly name: string
  readonly expected: string
  matches (call: JournalCall): boolean
  sent (call: JournalCall): string | undefined
}

const TEXTS = ['operation', 'subscriptionId', 'resourceGroup', 'vmName', 'commandId', 'script', 'method', 'path'] as const

/** The number of near misses of a filter. */
const MOST_FOUND = 3

/** The number of characters of a value to show. */
const MAX_SHOWN = 100

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

/** Describes a filter, such as `with vmName 'db-*' and script 'df*'`. */
export function describe (filter: JournalFilter): string {
  const members = membersOf(filter).map(({ name, expected }) => `${name} ${shown(expected)}`)
  return members.length === 0 ? 'of any kind' : `with ${members.join(' and ')}`
}

/** The members of a match that differ in a near miss, by name: what was expected of each. */
export function expectedBy (match: Match, { differences }: NearMiss): Record<string, string> {
  const differing = membersOf(withCommandOperations(match))
    .filter(({ name }) => differences.some(difference => difference.startsWith(`${subjectOf(name)} `)))
  return Object.fromEntries(differing.map(({ name, expected }) => [name, expected]))
}

function membersOf (filter: JournalFilter): Member[] {
  const { status, scenario, clientRequestId, parameters = {}, header = {} } = filter
  return [
    ...TEXTS.filter(name => filter[name] !== undefined).map(name => ({
      name,
      expected: filter[name]!,
      matches: compileMatch({ [name]: filter[name] }),
      sent: (call: JournalCall) => call[name]
    })),
    ...Object.entries(parameters).map(([name, expected]) => ({
      name: `parameters.${name}`,
      expected,
      matches: compileMatch({ parameters: { [name]: expected } }),
      sent: (call: JournalCall) => own(call.parameters, name)
    })),
    ...Object.entries(header).map(([name, expected]) => ({
      name: `header.${name}`,
      expected,
      matches: compileMatch({ header: { [name]: expected } }),
      sent: (call: JournalCall) => own(call.headers, name.toLowerCase())?.toString()
    })),
    ...status === undefined ? [] : [exact('status', `${status}`, call => call.status?.toString())],
    ...scenario === undefined
      ? []
      : [{ ...exact('scenario', scenario, call => call.scenarios.join(',') || undefined), matches: anyOf(scenario) }],
    ...clientRequestId === undefined ? [] : [exact('clientRequestId', clientRequestId, call => call.clientRequestId)]
  ]
}

function exact (name: string, expected: string, sent: Member['sent']): Member {
  return { name, expected, sent, matches: call => sent(call)?.toLowerCase() === expected.toLowerCase() }
}

function anyOf (scenario: string): Member['matches'] {
  const matches = wildcard(scenario)
  return ({ scenarios }) => scenarios.some(matches)
}

function differenceOf ({ name, expected, sent }: Member, call: JournalCall): string {
  const value = sent(call)
  return `${subjectOf(name)} ${value === undefined ? 'nothing' : shown(value)}, expected ${shown(expected)}`
}

/** The beginning of a difference. */
function subjectOf (name: string): string {
  return `${name}: ${name === 'status' || name === 'scenario' ? 'was' : 'sent'}`
}

function shown (value: string): string {
  const line = value.replaceAll('\n', '\\n')
  return `'${line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}...` : line}'`
}
