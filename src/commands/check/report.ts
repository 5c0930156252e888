import { existsSync } from 'node:fs'
import type { Report } from '../../reports/report.js'
import { findingsOf, heldRules, rules } from '../../rules/index.js'
import { version } from '../../version.js'
import type { CheckedRun } from './checked-run.js'

/** A report with a subject for each run. Findings point to the command's first file below this directory, if any. */
export function reportOf (runs: readonly CheckedRun[], command: readonly string[]): Report {
  const file = command.find(word => /^[\w.][^:]*\.\w+$/.test(word) && !word.startsWith('..') && existsSync(word))
  return {
    version,
    rules,
    subjects: runs.map(({ name, verdicts }) => ({
      name,
      held: heldRules(verdicts),
      findings: findingsOf(verdicts)
    })),
    ...file !== undefined && { file: file.replaceAll('\\', '/') }
  }
}
