import { wildcard } from '../core/wildcard.js'
import { compileMatch, meant } from '../scenarios/match.js'
import type { Match } from '../scenarios/scenario.js'
import type { JournalCall } from './journal-call.js'

/** Which entries of the journal: all members must match, in texts `*` stands for any text. */
export interface JournalFilter extends Match {
  /** Of the response. */
  readonly status?: number
  /** The name of a scenario that applied. */
  readonly scenario?: string
  /** x-ms-client-request-id, or Entra's client-request-id. */
  readonly clientRequestId?: string
  /** Only entries after the one with this sequence number. */
  readonly since?: number
  /** At most so many, the first ones. */
  readonly top?: number
}

/** Whether an entry matches. */
export function compileFilter ({ status, scenario, clientRequestId, since = 0, top, ...match }: JournalFilter):
(call: JournalCall) => boolean {
  const conditions: ((call: JournalCall) => boolean)[] = []
  if (since > 0) conditions.push(({ entry: { sequence } }) => sequence > since)
  if (status !== undefined) conditions.push(call => call.status === status)
  if (scenario !== undefined) {
    const matches = wildcard(scenario)
    conditions.push(({ scenarios }) => scenarios.some(matches))
  }
  if (clientRequestId !== undefined) {
    const expected = clientRequestId.toLowerCase()
    conditions.push(call => call.clientRequestId?.toLowerCase() === expected)
  }
  conditions.push(compileMatch(meant(match)))
  return call => conditions.every(condition => condition(call))
}
