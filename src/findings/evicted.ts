import type { JournalEntry } from '../journal/entry.js'
import type { ReportedFinding } from '../reports/report.js'

/** A report of more would be read by nobody. */
const MOST = 10_000

/** A finding, and the client whose request has it. */
export interface ClientFinding {
  /** Its User-Agent; undefined if it sent none. */
  readonly client: string | undefined
  readonly finding: ReportedFinding
}

/** What was found about entries that the journal has dropped since. */
export class EvictedFindings {
  readonly list: ClientFinding[] = []
  /** How many more there were than are kept. */
  left = 0
  #entries = 0

  /** How many entries there were, with findings or without. */
  get entries (): number {
    return this.#entries
  }

  add (entry: JournalEntry): void {
    this.#entries++
    for (const each of findingsIn(entry)) {
      if (this.list.length < MOST) this.list.push(each)
      else this.left++
    }
  }
}

/** The contract's findings of an entry. */
export function findingsIn ({ userAgent, sequence, findings }: JournalEntry): ClientFinding[] {
  return findings.map(finding => ({ client: userAgent, finding: { ...finding, sequence } }))
}
