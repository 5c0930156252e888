import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Scenario } from '../../src/scenarios/scenario.js'
import { checkClient } from './azrun-check.js'
import { evidence, PLAIN } from './evidence.js'

// A run mostly waits, for its processes to start and for Retry-After.
t.jobs = 3

/** All tests share it, so the CA is created only once. */
const dataDir = t.testdir(Object.fromEntries(Object.values(evidence).map(each =>
  [`${each.name}.json`, JSON.stringify({ scenario: each })])))

const fileOf = ({ name }: Scenario) => join(dataDir, `${name}.json`)

t.test('check passes a client that keeps all rules, and its report lists the kept rules', async t => {
  const report = join(t.testdir(), 'report.json')
  const files = Object.values(evidence).flatMap(each => ['--scenario', fileOf(each)])
  const { code, stdout, stderr } = await checkClient(t, dataDir, [...files, '--report', report])
  t.equal(stderr, '')
  t.match(stdout, /^scenario +exit {2}calls {2}verdict\n/)
  t.strictSame(stdout.trim().split('\n').slice(1).map(line => line.split(/ +/)).map(([name, exit, , verdict]) => [name, exit, verdict]), [
    ['plain', '0', 'ok'], ['throttled', '0', 'ok'], ['reset', '1', 'ok'], ['slow', '0', 'ok'], ['canceled', '1', 'ok'],
    ['swallowed', '0', 'ok'], ['throttled-long', '1', 'ok']
  ])
  t.equal(code, 0)
  const { findings, held } = JSON.parse(readFileSync(report, 'utf8')) as { findings: object[], held: { rules: string[] }[] }
  t.strictSame(findings, [])
  const rules = new Set(held.flatMap(each => each.rules))
  t.strictSame([...PLAIN, ...Object.keys(evidence)].filter(id => !rules.has(id)), [])
})

// client.test.ts covers each rule.
for (const [id, severity] of [['R7', 'error'], ['R12', 'warning']] as const) {
  t.test(`check finds only a violation of ${id} in a client that breaks it: ${severity}`, async t => {
    const report = join(t.testdir(), 'report.json')
    const { code, stdout, stderr } = await checkClient(t, dataDir, ['--scenario', fileOf(evidence['R7']!), '--report', report], ['--break', id])
    const { findings } = JSON.parse(readFileSync(report, 'utf8')) as { findings: { rule: string, severity: string }[] }
    t.strictSame([...new Set(findings.map(({ rule }) => rule))], [id])
    t.strictSame([...new Set(findings.map(each => each.severity))], [severity])
    const isError = severity === 'error'
    t.equal(code, isError ? 1 : 0)
    t.match(stdout, new RegExp(` ${id} ${isError ? 'violated' : 'warning'}: `))
    if (isError) t.match(stderr, /^ {2}#1 at 0 ms: POST \/\S+\/oauth2\/v2\.0\/token -> 200 after \d+ ms$/m)
    else t.equal(stderr, '')
  })
}
