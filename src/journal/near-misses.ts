import { wildcard } from '../core/wildcard.js'
import { compileMatch, withCommandOperations } from '../matching/match.js'
import type { JournalCall } from './journal-call.js'
import { likenessTo } from './likeness.js'
import type { JournalFilter } from './query.js'

/** A request that nearly matches, with the differences. */
export interface NearMiss {
  readonly sequence: number
  /** Such as `script: sent 'df -h', expected 'df*\/'`. */
  readonly differences: readonly string[]
}

/** One member of a filter. */
interface Member {
  readonly name: string
  readonly expected: string
  matches (call: JournalCall): boolean
  sent (call: JournalCall): string | undefined
}

const TEXTS = ['operation', 'subscriptionId', 'resourceGroup', 'vmName', 'commandId', 'script', 'method', 'path'] as const

/** The number of characters of a value to show. */
const MAX_SHOWN = 100

/** The number of requests whose texts are compared: the newest of those that differ in the fewest members. */
const MOST_COMPARED = 1000

/** A member, with a rating of how similar the sent value is. */
interface ComparedMember extends Member {
  likenessOf (sent: string): number
}

interface Miss {
  readonly call: JournalCall
  readonly differing: readonly ComparedMember[]
}

/**
 * The requests that differ in the fewest members, up to `limit`. Among equals, requests of the same operation come
 * first, then those with the most similar texts, then the newest.
 */
export function nearMisses (filter: JournalFilter, calls: Iterable<JournalCall>, limit = 3): NearMiss[] {
  const members = membersOf(withCommandOperations(filter)).map(member =>
    ({ ...member, likenessOf: likenessTo(member.expected.replaceAll('*', '')) }))
  const { since = 0 } = filter
  const misses: Miss[] = []
  for (const call of calls) {
    if (call.entry.sequence <= since) continue
    const differing = members.filter(member => !member.matches(call))
    if (differing.length > 0) misses.push({ call, differing })
  }
  misses.sort((one, other) => costOf(one) - costOf(other) || other.call.entry.sequence - one.call.entry.sequence)
  return [...mostAlike(misses), ...misses.slice(MOST_COMPARED)].slice(0, limit).map(({ call, differing }) =>
    ({ sequence: call.entry.sequence, differences: differing.map(member => differenceOf(member, call)) }))
}

function costOf ({ differing }: Miss): number {
  return differing.length * 2 + (differing.some(({ name }) => name === 'operation') ? 1 : 0)
}

/** The first `MOST_COMPARED` misses, sorted by cost, then by the similarity of their texts. */
function mostAlike (misses: readonly Miss[]): Miss[] {
  const likenesses = new Map<Miss, number>()
  const likenessOf = (miss: Miss) => {
    const known = likenesses.get(miss) ?? miss.differing.reduce((sum, { sent, likenessOf }) =>
      sum + likenessOf(sent(miss.call) ?? ''), 0)
    likenesses.set(miss, known)
    return known
  }
  return misses.slice(0, MOST_COMPARED)
    .sort((one, other) => costOf(one) - costOf(other) || likenessOf(other) - likenessOf(one))
}

/** Describes a filter, such as `with vmName 'db-*' and script 'df*'`. */
export function describe (filter: JournalFilter): string {
  const members = membersOf(filter).map(({ name, expected }) => `${name} ${shown(expected)}`)
  return members.length === 0 ? 'of any kind' : `with ${members.join(' and ')}`
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
      sent: (call: JournalCall) => call.parameters?.[name]
    })),
    ...Object.entries(header).map(([name, expected]) => ({
      name: `header.${name}`,
      expected,
      matches: compileMatch({ header: { [name]: expected } }),
      sent: (call: JournalCall) => call.headers[name.toLowerCase()]?.toString()
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
  const verb = name === 'status' || name === 'scenario' ? 'was' : 'sent'
  return `${name}: ${verb} ${value === undefined ? 'nothing' : shown(value)}, expected ${shown(expected)}`
}

function shown (value: string): string {
  const line = value.replaceAll('\n', '\\n')
  return `'${line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}...` : line}'`
}
