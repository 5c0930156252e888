import type { Finding } from '../journal/entry.js'
import type { Rule } from '../rules/index.js'

/** The findings about clients, for people and for CI. */
export interface Report {
  /** The version of azrun. */
  readonly version: string
  /** The rules that the subjects were judged by. */
  readonly rules: readonly RuleDescription[]
  readonly subjects: readonly Subject[]
  /** The file, relative to the repository, at which CI shows the findings. Only SARIF needs one. */
  readonly file?: string
}

/** A rule as a report shows it. */
export type RuleDescription = Omit<Rule, 'observe'>

/** A subject of findings, such as a client's run in a scenario. */
export interface Subject {
  readonly name: string
  /** The ids of the rules that it kept. Rules without evidence are left out. */
  readonly held: readonly string[]
  readonly findings: readonly ReportedFinding[]
}

/** A finding, and the request that shows it. */
export interface ReportedFinding extends Finding {
  /** The number of the journal's entry that shows it. */
  readonly sequence?: number
}

/** The finding's sentence, and its place. */
export function textOf ({ message, path, sequence }: ReportedFinding): string {
  const place = [sequence === undefined || new RegExp(`#${sequence}(?!\\d)`).test(message) ? '' : `#${sequence}`, path ?? '']
    .filter(Boolean).join(' ')
  return place === '' ? message : `${message} (${place})`
}
