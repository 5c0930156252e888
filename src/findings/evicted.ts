import type { JournalEntry } from '../journal/entry.js'
import type { ReportedFinding } from '../reports/report.js'

/** The most findings to keep. Nobody would read a report with more. */
const MOST = 10_000

/** A finding with its client. */
export interface ClientFinding {
  /** The User-Agent; undefined if the client sent none. */
  readonly client: string | undefined
  readonly finding: ReportedFinding
}

/** The findings about entries that the journal has dropped. */
export class EvictedFindings {
  readonly list: ClientFinding[] = []
  /** The number of findings that were not kept. */
  left = 0
  #entries = 0

  /** The number of checked entries, with or without findings. */
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
