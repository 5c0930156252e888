import type { Finding } from '../journal/entry.js'

/** What was found about clients, for people and for CI. */
export interface Report {
  /** azrun's. */
  readonly version: string
  /** The rules that were judged by. */
  readonly rules: readonly RuleDescription[]
  readonly subjects: readonly Subject[]
  /** Relative to the repository: where CI shows findings that must have a place in a file. Only SARIF has it. */
  readonly file?: string
}

export interface RuleDescription {
  readonly id: string
  readonly sentence: string
  /** The URL of the page that says so. */
  readonly source: string
}

/** What the findings are about, such as a client's run in a scenario. */
export interface Subject {
  readonly name: string
  /** The ids of the rules that it kept; those without evidence are left out. */
  readonly held: readonly string[]
  readonly findings: readonly ReportedFinding[]
}

export interface ReportedFinding extends Finding {
  /** The journal entry that shows it. */
  readonly sequence?: number
}

/** The finding's sentence, and where it was found. */
export function textOf ({ message, path, sequence }: ReportedFinding): string {
  const place = [sequence === undefined || message.includes(`#${sequence}`) ? '' : `#${sequence}`, path ?? '']
    .filter(Boolean).join(' ')
  return place === '' ? message : `${message} (${place})`
}
