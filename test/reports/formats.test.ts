import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { SaxesParser } from 'saxes'
import t from 'tap'
import { formatOf, formats } from '../../src/reports/formats.js'
import { textOf, type Report } from '../../src/reports/report.js'
import { rules } from '../../src/rules/index.js'

const NASTY = 'a "b" <c> & \'d\' \u0000\u001b\ud800 \ud83d\ude00 ]]>\n\té'
const SAFE = 'a "b" <c> & \'d\' \ufffd\ufffd\ufffd \ud83d\ude00 ]]>\n\té'

const report: Report = {
  version: '1.2.3',
  rules,
  subjects: [
    {
      name: 'script-ran-twice',
      held: ['R1', 'R12'],
      findings: [
        { rule: 'R2', severity: 'error', message: 'runCommand was sent again (#3, #4)', sequence: 4 },
        { rule: 'R2', severity: 'warning', message: 'it was sent again', sequence: 6 },
        { rule: 'contract', severity: 'error', message: NASTY, path: 'request.body.script', sequence: 3 },
        { rule: 'R12', severity: 'note', message: 'another client sent none', sequence: 9 }
      ]
    },
    { name: NASTY, held: ['R3'], findings: [] }
  ]
}

interface Node {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Node[]
  text: string
}

t.test('JUnit: a report has a suite for each subject and a case for each rule that it kept or broke', async t => {
  const root = parse(formats.junit.write(report))
  t.strictSame([root.name, root.attributes], ['testsuites', { name: 'azrun', tests: '5', failures: '2' }])
  t.strictSame(root.children.map(({ attributes }) => attributes), [
    { name: 'script-ran-twice', tests: '4', failures: '2' },
    { name: SAFE, tests: '1', failures: '0' }
  ])
  const [kept, broken, contract, noted] = root.children[0]!.children
  t.strictSame(kept!.attributes, { classname: 'script-ran-twice', name: `R1: ${rules[0]!.sentence}` })
  t.strictSame(kept!.children, [])
  const [failure, warned] = broken!.children
  t.strictSame(failure!.attributes, { type: 'R2', message: 'runCommand was sent again (#3, #4)' })
  t.equal(failure!.text, 'runCommand was sent again (#3, #4)')
  t.strictSame([warned!.name, warned!.text], ['system-out', 'it was sent again (#6)'])
  t.equal(contract!.attributes['name'], 'contract')
  t.equal(contract!.children[0]!.attributes['message'], `${SAFE} (#3 request.body.script)`)
  t.strictSame(noted!.children.map(({ name, text }) => [name, text]), [['system-out', 'another client sent none (#9)']])
})

t.test('a finding names its request unless its sentence does', async t => {
  const finding = { rule: 'R2', severity: 'error', sequence: 1 } as const
  const texts = ['it ran twice (#1, #12)', 'it ran twice (#12)', "the value '#10' is wrong"]
  t.strictSame(texts.map(message => textOf({ ...finding, message })),
    ['it ran twice (#1, #12)', 'it ran twice (#12) (#1)', "the value '#10' is wrong (#1)"])
})

t.test('JUnit: a report without subjects is a valid document', async t => {
  t.strictSame(parse(formats.junit.write({ version: '1', rules, subjects: [] })).attributes,
    { name: 'azrun', tests: '0', failures: '0' })
})

t.test('SARIF: a report has a result for each finding, with its rule', async t => {
  const contract = { id: 'contract', sentence: 'Requests are as described.', source: 'https://example.test/' }
  const log = JSON.parse(formats.sarif.write({ ...report, rules: [contract, ...rules.slice(0, 2)], file: 'src/client.js' }))
  const validate = new Ajv({ strict: true, allErrors: true }).compile(SARIF)
  t.equal(validate(log), true, JSON.stringify(validate.errors))
  const [{ tool, results }] = log.runs
  t.strictSame(tool.driver.rules.map(({ id }: { readonly id: string }) => id), ['contract', 'R1', 'R2'])
  t.strictSame(results.map(({ ruleIndex }: { readonly ruleIndex?: number }) => ruleIndex), [2, 2, 0, undefined])
  t.strictSame(results[2], {
    ruleId: 'contract',
    ruleIndex: 0,
    level: 'error',
    message: { text: `${NASTY} (#3 request.body.script)` },
    locations: [{
      physicalLocation: { artifactLocation: { uri: 'src/client.js' }, region: { startLine: 1 } },
      logicalLocations: [{ fullyQualifiedName: 'script-ran-twice/request.body.script' }]
    }],
    partialFingerprints: { 'azrun/v1': 'script-ran-twice/contract/request.body.script' },
    properties: { sequence: 3 }
  })
  const [{ locations: [{ logicalLocations }], partialFingerprints }] = results
  t.strictSame([logicalLocations[0].fullyQualifiedName, partialFingerprints['azrun/v1']], ['script-ran-twice', 'script-ran-twice/R2'], 'no path')
})

t.test('SARIF: every report is valid by the published schema of SARIF 2.1.0', async t => {
  // The schema is in JSON Schema draft 4, where `id` is the name of the schema itself.
  const published = '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'
  const { id, $schema, ...schema } = createRequire(import.meta.url)(published)
  t.match($schema, 'draft-04')
  const formatsOfSchema = { uri: (text: string) => URL.canParse(text), 'uri-reference': true, 'date-time': true } as const
  const options = { allErrors: true, strictTypes: false, unicodeRegExp: false, formats: formatsOfSchema }
  const validate = new Ajv(options).compile(schema)
  for (const each of [report, { ...report, file: 'src/a client.js' }, { ...report, subjects: [] }]) {
    const log = JSON.parse(formats.sarif.write(each))
    t.equal(validate(log), true, JSON.stringify(validate.errors))
    log.runs[0].tool.driver.informationUri = 'no uri'
    t.equal(validate(log), false)
  }
})

t.test('SARIF: a report without findings has an empty list of results', async t => {
  const log = JSON.parse(formats.sarif.write({ version: '1', rules, subjects: [] }))
  t.strictSame(log.runs[0].results, [])
})

t.test('JSON: a report has all findings in one list', async t => {
  const { version, findings, held } = JSON.parse(formats.json.write(report))
  t.equal(version, '1.2.3')
  t.strictSame(findings[0], {
    subject: 'script-ran-twice', rule: 'R2', severity: 'error', message: 'runCommand was sent again (#3, #4)', sequence: 4
  })
  t.strictSame(held[1], { subject: NASTY, rules: ['R3'] })
})

t.test('SARIF: a rule says what published clients do differently', async t => {
  const { rules: described } = JSON.parse(formats.sarif.write(report)).runs[0].tool.driver
  const help = (id: string) => described.find((rule: { id: string }) => rule.id === id).help
  t.match(help('R13').text, /^More than 10 tries in a row count as unbounded\. Azure's SDKs make 4/)
  t.equal(help('R10'), undefined)
})

t.test('the extension of a file determines the format', async t => {
  t.equal(formatOf('report.xml'), formats.junit)
  t.equal(formatOf('a/b.SARIF'), formats.sarif)
  t.equal(formatOf('report.json'), formats.json)
  t.equal(formatOf('report.txt'), undefined)
  t.equal(formatOf('xml'), undefined)
})

/** Parses XML. Throws if it is not well-formed. */
function parse (xml: string): Node {
  const root: Node = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser()
  parser.on('error', error => { throw error })
  parser.on('opentag', ({ name, attributes }) => {
    const node: Node = { name, attributes: { ...attributes } as Record<string, string>, children: [], text: '' }
    open.at(-1)!.children.push(node)
    open.push(node)
  })
  parser.on('text', text => { open.at(-1)!.text += text })
  parser.on('closetag', () => { open.pop() })
  parser.write(xml).close()
  return root.children[0]!
}

function object (properties: object, required: readonly string[] = Object.keys(properties)): object {
  return { type: 'object', additionalProperties: false, properties, required }
}

const TEXT = { type: 'string', minLength: 1 }
const INDEX = { type: 'integer', minimum: 0 }
const MESSAGE = object({ text: TEXT })

/** The part of the schema of SARIF 2.1.0 for the objects and members that azrun writes. */
const SARIF = object({
  $schema: TEXT,
  version: { const: '2.1.0' },
  runs: {
    type: 'array',
    minItems: 1,
    items: object({
      tool: object({
        driver: object({
          name: TEXT,
          version: TEXT,
          rules: {
            type: 'array',
            uniqueItems: true,
            items: object({ id: TEXT, shortDescription: MESSAGE, help: MESSAGE, helpUri: { type: 'string', pattern: '^https://' } },
              ['id', 'shortDescription', 'helpUri'])
          }
        })
      }),
      results: {
        type: 'array',
        items: object({
          ruleId: TEXT,
          ruleIndex: INDEX,
          level: { enum: ['none', 'note', 'warning', 'error'] },
          message: MESSAGE,
          locations: {
            type: 'array',
            items: object({
              physicalLocation: object({
                artifactLocation: object({ uri: TEXT }),
                region: object({ startLine: { type: 'integer', minimum: 1 } })
              }),
              logicalLocations: { type: 'array', uniqueItems: true, items: object({ fullyQualifiedName: TEXT }) }
            }, ['logicalLocations'])
          },
          partialFingerprints: { type: 'object', additionalProperties: { type: 'string' } },
          properties: { type: 'object' }
        }, ['message'])
      }
    })
  }
})
