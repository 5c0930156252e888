import type { Log, ReportingDescriptor, Result } from 'sarif'
import { textOf, type Report, type ReportedFinding, type RuleDescription } from './report.js'

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

/**
 * SARIF 2.1.0. A finding has no place in a source file. Its location is the subject's name and, if the report has a
 * file, the first line of that: GitHub rejects results without a file.
 */
export function sarif ({ version, rules, subjects, file }: Report): string {
  const ids = rules.map(({ id }) => id)
  const results = subjects.flatMap(({ name, findings }) =>
    findings.map(finding => ({ ...resultOf(finding, name, file), ...indexOf(ids, finding) })))
  const log: Log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'azrun', version, rules: rules.map(descriptorOf) } }, results }]
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

function descriptorOf ({ id, sentence, source, noted }: RuleDescription): ReportingDescriptor {
  const help = noted === undefined ? {} : { help: { text: noted } }
  return { id, shortDescription: { text: sentence }, ...help, helpUri: source }
}

function indexOf (ids: readonly string[], { rule }: ReportedFinding): Pick<Result, 'ruleIndex'> {
  const ruleIndex = ids.indexOf(rule)
  return ruleIndex < 0 ? {} : { ruleIndex }
}

function resultOf (finding: ReportedFinding, subject: string, file: string | undefined): Result {
  const { rule, severity, sequence, path } = finding
  return {
    ruleId: rule,
    level: severity,
    message: { text: textOf(finding) },
    locations: [{
      ...file === undefined ? {} : { physicalLocation: { artifactLocation: { uri: file }, region: { startLine: 1 } } },
      logicalLocations: [{ fullyQualifiedName: [subject, path].filter(Boolean).join('/') }]
    }],
    // Unlike the message, which contains times, these are the same in each run.
    partialFingerprints: { 'azrun/v1': [subject, rule, path].filter(Boolean).join('/') },
    ...sequence === undefined ? {} : { properties: { sequence } }
  }
}
