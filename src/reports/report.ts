import type { Finding } from '../journal/entry.js'

/** The findings about clients, for people and for CI. */
export interface Report {
  /** azrun's version. */
  readonly version: string
  /** The rules that were applied. */
  readonly rules: readonly RuleDescription[]
  readonly subjects: readonly Subject[]
  /** A file of the repository where CI shows the findings. Only SARIF needs it. */
  readonly file?: string
}

export interface RuleDescription {
  readonly id: string
  readonly sentence: string
  /** The URL of the rule's source. */
  readonly source: string
}

/** The subject of findings, such as a client's run in a scenario. */
export interface Subject {
  readonly name: string
  /** The ids of the rules that it kept. Rules without evidence are left out. */
  readonly held: readonly string[]
  readonly findings: readonly ReportedFinding[]
}

export interface ReportedFinding extends Finding {
  /** The number of the journal's entry that shows it. */
  readonly sequence?: number
}

/** The message of a finding with its path. */
export function textOf ({ message, path, sequence }: ReportedFinding): string {
  const place = [sequence === undefined || message.includes(`#${sequence}`) ? '' : `#${sequence}`, path ?? '']
    .filter(Boolean).join(' ')
  return place === '' ? message : `${message} (${place})`
}
