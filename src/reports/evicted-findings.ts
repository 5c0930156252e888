import type { JournalEntry } from '../journal/entry.js'
import type { ReportedFinding } from './report.js'

/** The most findings to keep: nobody would read a longer report. */
const MOST = 10_000

/** A finding, and the client that sent the request. */
export interface ClientFinding {
  /** The client's User-Agent; undefined if it sent none. */
  readonly client: string | undefined
  readonly finding: ReportedFinding
}

/** The findings of entries that the journal has dropped. */
export class EvictedFindings {
  readonly list: ClientFinding[] = []
  /** How many further findings were not kept. */
  left = 0
  #entries = 0

  /** How many entries were added, with findings or without. */
  get entries (): number {
    return this.#entries
  }

  add (entry: JournalEntry): void {
    this.#entries++
    for (const found of findingsIn(entry)) {
      if (this.list.length < MOST) this.list.push(found)
      else this.left++
    }
  }
}

/** The contract's findings of an entry. */
export function findingsIn ({ userAgent, sequence, findings }: JournalEntry): ClientFinding[] {
  return findings.map(finding => ({ client: userAgent, finding: { ...finding, sequence } }))
}
