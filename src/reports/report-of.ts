import type { JournalEntry } from '../journal/entry.js'
import type { Journal } from '../journal/journal.js'
import type { Listing } from '../journal/listing.js'
import { findingsOf, heldRules, judge, rules, type Run } from '../rules/index.js'
import { systemClock, type Clock } from '../time/clock.js'
import { inTurns, othersFirst } from '../time/turns.js'
import { findingsIn, type ClientFinding, type EvictedFindings } from './evicted-findings.js'
import type { Report, ReportedFinding, Subject } from './report.js'

/** The services that a report needs. */
export interface ReportSources {
  readonly clock: Clock
  readonly journal: Pick<Journal, 'evicted'> & { search (): Pick<Listing, 'steps'> }
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

/** What a client sent. */
interface Sent {
  readonly entries: JournalEntry[]
  /** The contract's findings. */
  readonly findings: ReportedFinding[]
}

/**
 * A report with a subject for each client, by its User-Agent, and one for azrun's responses. Rules that look at several
 * requests see only what the journal still has. azrun's own requests are left out. Other work may go first meanwhile.
 */
export async function reportOf ({ clock, journal, evictedFindings: evicted, version }: ReportSources): Promise<Report> {
  const kind = clock === systemClock ? 'system' : 'virtual'
  const entries = await entriesIn(journal)
  const read = new Set(entries.map(({ sequence }) => sequence))
  // An entry may have been dropped after it was read.
  const ofDropped = evicted.list.filter(({ finding }) => !read.has(finding.sequence!))
  const ofContract = [...ofDropped, ...entries.flatMap(findingsIn)]
  const subjects: Subject[] = []
  for (const [client, sent] of sentByClients(ofDropped.map(found => found.client), entries, ofContract)) {
    subjects.push(subjectOf(client, sent, kind))
    await othersFirst()
  }
  const own = [...ofContract.filter(isOfAzrun).map(({ finding }) => finding), ...remarks(evicted, journal.evicted)]
  return {
    version,
    rules: [CONTRACT, ...judged],
    subjects: own.length === 0 ? subjects : [...subjects, { name: 'azrun', held: [], findings: own }]
  }
}

async function entriesIn (journal: ReportSources['journal']): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  await inTurns(journal.search().steps(), entry => {
    if (entry !== undefined) entries.push(entry)
  })
  return entries
}

/** By client, first the `earlier` ones, of which there may be only findings. */
function sentByClients (earlier: ReadonlyArray<string | undefined>, entries: readonly JournalEntry[],
  ofContract: readonly ClientFinding[]): ReadonlyMap<string | undefined, Sent> {
  const clients = [...earlier, ...entries.map(({ userAgent }) => userAgent)]
  const sent = new Map(clients.map((client): [string | undefined, Sent] => [client, { entries: [], findings: [] }]))
  for (const entry of entries) sent.get(entry.userAgent)!.entries.push(entry)
  for (const found of ofContract) if (!isOfAzrun(found)) sent.get(found.client)!.findings.push(found.finding)
  return sent
}

function subjectOf (client: string | undefined, { entries, findings }: Sent, clock: Run['clock']): Subject {
  const verdicts = judge({ entries, clock }).filter(({ rule }) => judged.includes(rule))
  return {
    name: client ?? 'a client without a User-Agent',
    held: [
      ...findings.length === 0 ? [CONTRACT.id] : [],
      ...heldRules(verdicts)
    ],
    findings: [...findings, ...findingsOf(verdicts)].sort(bySequence)
  }
}

function isOfAzrun ({ finding: { path = '' } }: ClientFinding): boolean {
  return path.startsWith('response.')
}

function remarks ({ entries, left }: EvictedFindings, dropped: number): ReportedFinding[] {
  const note = (message: string): ReportedFinding => ({ rule: 'journal', severity: 'note', message })
  const unseen = entries === 0
    ? 'which this report does not cover'
    : 'which the rules over several requests have not seen'
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
