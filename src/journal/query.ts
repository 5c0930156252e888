import { wildcard } from '../core/wildcard.js'
import { compileMatch, withCommandOperations, type Match } from '../matching/match.js'
import type { JournalCall } from './journal-call.js'

/** Selects entries of the journal. All members must match; `*` in a text matches any text. */
export interface JournalFilter extends Match {
  /** The status of the response. */
  readonly status?: number
  /** The name of a scenario that applied to the request. */
  readonly scenario?: string
  /** x-ms-client-request-id, or Entra's client-request-id. */
  readonly clientRequestId?: string
  /** Only entries after the one with this sequence number. */
  readonly since?: number
  /** The most entries to return; the first ones. */
  readonly top?: number
}

/** Returns a test for entries that match the filter. */
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
  conditions.push(compileMatch(withCommandOperations(match)))
  return call => conditions.every(condition => condition(call))
}

/** The only subscription whose requests can match, if the filter names one. */
export function onlySubscription ({ subscriptionId }: JournalFilter): string | undefined {
  return subscriptionId?.includes('*') ? undefined : subscriptionId
}
