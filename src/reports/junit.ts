import { textOf, type Report, type ReportedFinding, type Subject } from './report.js'
import { element } from './xml.js'

/**
 * JUnit's XML as CI systems read it (https://github.com/testmoapp/junitxml): a suite for each subject, with a test case
 * for each rule that was kept or broken. Warnings and notes do not fail a case; they are its output.
 */
export function junit ({ subjects, rules }: Report): string {
  const sentences = new Map(rules.map(({ id, sentence }) => [id, sentence]))
  const suites = subjects.map(subject => suiteOf(subject, id => sentences.has(id) ? `${id}: ${sentences.get(id)}` : id))
  const [tests, failures] = [sum(suites, 'tests'), sum(suites, 'failures')]
  const root = element('testsuites', { name: 'azrun', tests, failures }, suites.map(({ xml }) => xml))
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`
}

interface Suite {
  readonly tests: number
  readonly failures: number
  readonly xml: string
}

function suiteOf ({ name, held, findings }: Subject, titleOf: (rule: string) => string): Suite {
  const broken = new Map<string, ReportedFinding[]>()
  for (const finding of findings) broken.set(finding.rule, [...broken.get(finding.rule) ?? [], finding])
  const cases = [
    ...held.filter(rule => !broken.has(rule)).map(rule => element('testcase', { classname: name, name: titleOf(rule) })),
    ...[...broken].map(([rule, found]) => element('testcase', { classname: name, name: titleOf(rule) }, partsOf(rule, found)))
  ]
  const failures = [...broken.values()].filter(found => found.some(isFailure)).length
  return { tests: cases.length, failures, xml: element('testsuite', { name, tests: cases.length, failures }, cases) }
}

/** The content of a case. It has at most one failure: CI systems show only the first. */
function partsOf (rule: string, found: readonly ReportedFinding[]): string[] {
  const failed = found.filter(isFailure)
  const notes = found.filter(finding => !isFailure(finding))
  const lines = (findings: readonly ReportedFinding[]) => findings.map(textOf).join('\n')
  return [
    ...failed.length > 0 ? [element('failure', { type: rule, message: textOf(failed[0]!) }, lines(failed))] : [],
    ...notes.length > 0 ? [element('system-out', {}, lines(notes))] : []
  ]
}

function isFailure ({ severity }: ReportedFinding): boolean {
  return severity === 'error'
}

function sum (suites: readonly Suite[], name: 'tests' | 'failures'): number {
  return suites.reduce((total, suite) => total + suite[name], 0)
}
