import type { Finding } from '../journal/entry.js'
import { keepsToContract, sendsRequestId, usesPublishedVersion } from './contract.js'
import { ends } from './ending.js'
import { logsInOnce } from './login.js'
import type { Held, Violation } from './observation.js'
import { reportsFailure, showsStderr } from './outcome.js'
import { pollsAsTold, pollsStatus, usesUrlsVerbatim } from './polling.js'
import { givesUp, runsOnce, waits } from './retry.js'
import type { Rule } from './rule.js'
import { storyOf } from './run-story.js'
import type { Run } from './run.js'

export type { Rule } from './rule.js'
export { hasExited, type CommandEnd, type Run } from './run.js'

/** The rules by which azrun judges clients. */
export const rules: readonly Rule[] = [
  waits, runsOnce, ends, usesUrlsVerbatim, pollsStatus, pollsAsTold, reportsFailure, showsStderr, logsInOnce,
  keepsToContract, usesPublishedVersion, sendsRequestId, givesUp
]

/** What a run shows about a rule. The evidence is the violations or, without any, what shows that the rule was kept. */
export type Verdict = { readonly rule: Rule } & (
  | { readonly outcome: 'violated', readonly evidence: readonly Violation[] }
  | { readonly outcome: 'held' | 'no evidence', readonly evidence: readonly Held[] })

/** One verdict for each rule, in the order of `rules`. */
export function judge (run: Run): Verdict[] {
  const story = storyOf(run)
  return rules.map(rule => {
    const observations = rule.observe(story)
    const violations = observations.filter(observation => observation.isViolation)
    if (violations.length > 0) return { rule, outcome: 'violated', evidence: violations }
    const evidence = observations.filter(observation => !observation.isViolation)
    return { rule, outcome: evidence.length > 0 ? 'held' : 'no evidence', evidence }
  })
}

/** Whether the rule was violated. Warnings do not count. */
export function isViolated ({ outcome, evidence }: Verdict): boolean {
  return outcome === 'violated' && evidence.some(({ severity }) => severity === 'error')
}

/** The ids of the rules that were kept. Rules without evidence are left out. */
export function heldRules (verdicts: readonly Verdict[]): string[] {
  return verdicts.filter(({ outcome }) => outcome === 'held').map(({ rule }) => rule.id)
}

/** A violation as a finding. `sequence` is that of the last entry that shows it. */
export interface RuleFinding extends Finding {
  readonly sequence?: number
}

/** The violations of all verdicts. */
export function findingsOf (verdicts: readonly Verdict[]): RuleFinding[] {
  return verdicts.flatMap(({ rule, outcome, evidence }) => outcome !== 'violated'
    ? []
    : evidence.map(({ severity, sentence, sequences }) =>
      ({ rule: rule.id, severity, message: sentence, sequence: sequences.at(-1) })))
}
