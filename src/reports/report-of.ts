import { publishedVersions } from '../arm/api-versions.js'
import { OWN_USER_AGENT } from '../core/own-user-agent.js'
import type { Journal } from '../journal/journal.js'
import { findingsOf, judge, rules, type Run } from '../rules/index.js'
import { systemClock, type Clock } from '../time/clock.js'
import { findingsIn, type ClientFinding, type EvictedFindings } from './evicted-findings.js'
import type { Report, ReportedFinding, Subject } from './report.js'

/** The services that a report needs. */
export interface ReportSources {
  readonly clock: Clock
  readonly journal: Pick<Journal, 'evicted' | 'list'>
  /** Those of entries that the journal has dropped. It may not have seen all. */
  readonly evictedFindings: EvictedFindings
  /** The version of azrun. */
  readonly version: string
}

const CONTRACT = {
  id: 'contract',
  sentence: "Requests, and azrun's own responses, are as openapi/arm.json describes them.",
  source: 'https://learn.microsoft.com/rest/api/compute/virtual-machines/run-command'
}

/** The rules that only repeat for a client what the contract's findings say about each of its requests. */
const SAID_BY_CONTRACT = ['R10', 'R11']

const judged = rules.filter(({ id }) => !SAID_BY_CONTRACT.includes(id))

/**
 * A report with a subject for each client, by its User-Agent, and one for azrun's responses. Rules that look at several
 * requests see only what the journal still has. azrun's own requests are left out.
 */
export function reportOf ({ clock, journal, evictedFindings: evicted, version }: ReportSources): Report {
  const kind = clock === systemClock ? 'system' : 'virtual'
  const entries = journal.list().value.filter(({ userAgent }) => userAgent !== OWN_USER_AGENT)
  const ofContract = [...evicted.list, ...entries.flatMap(findingsIn)]
  const clients = new Set([...evicted.list.map(({ client }) => client), ...entries.map(({ userAgent }) => userAgent)])
  const subjects = [...clients].map(client => subjectOf(client, ofContract,
    { entries: entries.filter(({ userAgent }) => userAgent === client), clock: kind, apiVersions: publishedVersions }))
  const own = [...ofContract.filter(isOfAzrun).map(({ finding }) => finding), ...remarks(evicted, journal.evicted)]
  return {
    version,
    rules: [CONTRACT, ...judged],
    subjects: own.length === 0 ? subjects : [...subjects, { name: 'azrun', held: [], findings: own }]
  }
}

function subjectOf (client: string | undefined, ofContract: readonly ClientFinding[], run: Run): Subject {
  const verdicts = judge(run).filter(({ rule }) => judged.includes(rule))
  const own = ofContract.filter(found => found.client === client && !isOfAzrun(found)).map(({ finding }) => finding)
  return {
    name: client ?? 'a client without a User-Agent',
    held: [
      ...own.length === 0 ? [CONTRACT.id] : [],
      ...verdicts.filter(({ outcome }) => outcome === 'held').map(({ rule }) => rule.id)
    ],
    findings: [...own, ...findingsOf(verdicts)].sort(bySequence)
  }
}

function isOfAzrun ({ finding: { path = '' } }: ClientFinding): boolean {
  return path.startsWith('response.')
}

function remarks ({ entries, left }: EvictedFindings, dropped: number): ReportedFinding[] {
  const note = (message: string): ReportedFinding => ({ rule: 'journal', severity: 'note', message })
  const unseen = entries === 0
    ? 'of which this report knows nothing'
    : 'which rules over several requests have not seen'
  return [
    ...dropped > 0
      ? [note(`the journal dropped the oldest ${dropped} requests, ${unseen}: keep more with --journal ENTRIES`)]
      : [],
    ...left > 0 ? [note(`${left} more findings of dropped requests are left out`)] : []
  ]
}

function bySequence (one: ReportedFinding, other: ReportedFinding): number {
  return (one.sequence ?? 0) - (other.sequence ?? 0)
}
