import type { Finding } from '../journal/entry.js'
import { keepsToContract, sendsRequestId, usesPublishedVersion } from './contract.js'
import { ends } from './ending.js'
import { logsInOnce } from './login.js'
import type { Observation } from './observation.js'
import { reportsFailure, showsStderr } from './outcome.js'
import { pollsAsTold, pollsStatus, usesUrlsVerbatim } from './polling.js'
import { givesUp, runsOnce, waits } from './retry.js'
import type { Rule } from './rule.js'
import { storyOf } from './run-story.js'
import type { Run } from './run.js'

export type { Observation, Severity } from './observation.js'
export type { Rule } from './rule.js'
export type { ApiVersions, CommandEnd, Run } from './run.js'

/** The rules by which azrun judges clients. */
export const rules: readonly Rule[] = [
  waits, runsOnce, ends, usesUrlsVerbatim, pollsStatus, pollsAsTold, reportsFailure, showsStderr, logsInOnce,
  keepsToContract, usesPublishedVersion, sendsRequestId, givesUp
]

export interface Verdict {
  readonly rule: Rule
  readonly outcome: 'held' | 'violated' | 'no evidence'
  /** The violations, or else what shows that the client kept the rule. */
  readonly evidence: readonly Observation[]
}

/** One verdict for each rule, in the order of `rules`. */
export function judge (run: Run): Verdict[] {
  const story = storyOf(run)
  return rules.map(rule => {
    const observations = rule.observe(story)
    const violations = observations.filter(({ isViolation }) => isViolation)
    if (violations.length > 0) return { rule, outcome: 'violated', evidence: violations }
    return { rule, outcome: observations.length > 0 ? 'held' : 'no evidence', evidence: observations }
  })
}

/** Whether the rule was violated. Warnings do not count. */
export function isViolated ({ outcome, evidence }: Verdict): boolean {
  return outcome === 'violated' && evidence.some(({ severity }) => severity === 'error')
}

/** A violation as a finding. `sequence` is that of the last entry that shows it. */
export interface RuleFinding extends Finding {
  readonly sequence?: number
}

export function findingsOf (verdicts: readonly Verdict[]): RuleFinding[] {
  return verdicts.filter(({ outcome }) => outcome === 'violated').flatMap(({ rule, evidence }) =>
    evidence.map(({ severity = 'error', sentence, sequences }) =>
      ({ rule: rule.id, severity, message: sentence, sequence: sequences.at(-1) })))
}
