import type { Report } from './report.js'

/** All findings in one list, each with its subject, and the rules that each subject kept. */
export function json ({ version, subjects }: Report): string {
  return `${JSON.stringify({
    version,
    findings: subjects.flatMap(({ name, findings }) => findings.map(finding => ({ subject: name, ...finding }))),
    held: subjects.map(({ name, held }) => ({ subject: name, rules: held }))
  }, undefined, 2)}\n`
}
