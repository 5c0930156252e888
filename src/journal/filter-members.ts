import { wildcard } from '../core/wildcard.js'
import { compileMatch, own, withCommandOperations, type Match } from '../matching/match.js'
import type { JournalCall } from './journal-call.js'
import type { JournalFilter } from './query.js'

/** One member of a filter. */
export interface Member {
  readonly name: string
  readonly expected: string
  matches (call: JournalCall): boolean
  sent (call: JournalCall): string | undefined
}

const TEXTS = ['operation', 'subscriptionId', 'resourceGroup', 'vmName', 'commandId', 'script', 'method', 'path'] as const

/** The number of characters of a value to show. */
const MAX_SHOWN = 100

/** Describes a filter, such as `with vmName 'db-*' and script 'df*'`. */
export function describe (filter: JournalFilter): string {
  const members = membersOf(filter).map(({ name, expected }) => `${name} ${shown(expected)}`)
  return members.length === 0 ? 'of any kind' : `with ${members.join(' and ')}`
}

/** The members of a filter, each with what it expects. */
export function membersOf (filter: JournalFilter): Member[] {
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

/** Says what a call sent for a member instead, such as `script: sent 'df -h', expected 'df*\/'`. */
export function differenceOf ({ name, expected, sent }: Member, call: JournalCall): string {
  const value = sent(call)
  return `${subjectOf(name)} ${value === undefined ? 'nothing' : shown(value)}, expected ${shown(expected)}`
}

/** What was expected of the members of a match that these are the differences of, by name. */
export function expectedBy (match: Match, differences: readonly string[]): Record<string, string> {
  const differing = membersOf(withCommandOperations(match))
    .filter(({ name }) => differences.some(difference => difference.startsWith(`${subjectOf(name)} `)))
  return Object.fromEntries(differing.map(({ name, expected }) => [name, expected]))
}

/** The beginning of a difference. */
function subjectOf (name: string): string {
  return `${name}: ${name === 'status' || name === 'scenario' ? 'was' : 'sent'}`
}

function shown (value: string): string {
  const line = value.replaceAll('\n', '\\n')
  return `'${line.length > MAX_SHOWN ? `${line.slice(0, MAX_SHOWN)}...` : line}'`
}
