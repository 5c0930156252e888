import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createEmulator } from '../../src/index.js'
import { affect } from '../harness/effects.js'
import { API_VERSION, build, get, runCommand, SUBSCRIPTION } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'

const BODY = { CommandId: 'RunShellScript', script: [5] }

t.test('the report is written when the emulator closes, in the format of its file name', async t => {
  const dir = t.testdir()
  for (const [name, pattern] of Object.entries({ 'a.xml': /^<\?xml/, 'a.sarif': /"version": "2\.1\.0"/, 'a.json': /"findings": \[/ })) {
    const file = join(dir, name)
    const emulator = await createEmulator({ report: file })
    await runCommand(emulator, BODY)
    t.notOk(readdirSync(dir).includes(name))
    await emulator.close()
    const text = readFileSync(file, 'utf8')
    t.match(text, pattern)
    t.match(text, /has the wrong case: write (?:'|\\u0027|&apos;)commandId/)
  }
  t.equal(readdirSync(dir).length, 3, 'no draft is left')
})

t.test('the report has the findings of requests that the journal has dropped', async t => {
  const file = join(t.testdir(), 'a.json')
  const emulator = await createEmulator({ report: file, journal: 1 })
  await runCommand(emulator, BODY)
  await get(emulator, `/subscriptions/${SUBSCRIPTION}?api-version=2022-09-01`)
  await emulator.close()
  const { findings } = JSON.parse(readFileSync(file, 'utf8'))
  matchList(t, findings.filter(({ rule }: { rule: string }) => rule === 'contract'),
    [{ path: 'request.body.CommandId', sequence: 1 }, { path: 'request.body.script[0]', sequence: 1 }])
})

t.test('the emulator does not start if the report cannot be written', async t => {
  const dir = t.testdir()
  const file = join(dir, 'none', 'a.json')
  await t.rejects(createEmulator({ report: file }), {
    name: 'UsageError', message: `option 'report' ${file} cannot be written, since its directory does not exist: make that, or check the path`
  })
  const folder = join(t.testdir({ 'a.json': {} }), 'a.json')
  await t.rejects(createEmulator({ report: folder }), { message: `option 'report' ${folder} must be a file, not a directory: check the path` })
})

t.test('the emulator does not start if the report would take the place of a pipe or a device',
  { skip: process.platform === 'win32' && 'there are no named pipes in directories' }, async t => {
    const pipe = join(t.testdir(), 'a.json')
    execFileSync('mkfifo', [pipe])
    await t.rejects(createEmulator({ report: pipe }), { message: `option 'report' ${pipe} must be a file, not a pipe or a device: check the path` })
  })

t.test('closing fails if the report can no longer be written', async t => {
  const dir = t.testdir({ reports: {} })
  const file = join(dir, 'reports', 'a.json')
  const emulator = await createEmulator({ report: file })
  rmSync(join(dir, 'reports'), { recursive: true })
  writeFileSync(join(dir, 'reports'), '')
  const message = `option 'report' ${file} cannot be written, since a part of its path is a file: check the path`
  await t.rejects(emulator.close(), { name: 'Error', message }, 'which is no mistake in the options')
})

t.test('the API returns the report of the findings so far in each format', async t => {
  const emulator = await build(t)
  await runCommand(emulator, BODY)
  const report = async (query = '') => emulator.app.inject({ url: `/_emulator/report${query}`, headers: { host: '127.0.0.1' } })
  const { findings } = (await report()).json()
  t.match(findings[0], { rule: 'contract', severity: 'warning', path: 'request.body.CommandId', sequence: 1 })
  for (const [format, type] of [['junit', 'application/xml'], ['sarif', 'application/sarif+json'], ['json', 'application/json']]) {
    const response = await report(`?format=${format}`)
    t.strictSame([response.statusCode, `${response.headers['content-type']}`.split(';')[0]], [200, type])
  }
  t.equal((await report('?format=pdf')).statusCode, 400)
})

t.test('the contract is not checked for polls of an operation that a scenario shapes, but for other requests', async t => {
  const emulator = await build(t)
  await affect(emulator, { vmName: 'shaped' }, { operation: { headers: 'none' } }, { poll: 'unknownStatus' })
  await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'shaped' })
  const { operationId } = emulator.journal.list({ vmName: 'shaped' }).value[0]!
  const path = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/operations/${operationId}`
  await get(emulator, `${path}?api-version=2019-03-01`)
  await runCommand(emulator, BODY, { vmName: 'other' })
  const { findings } = (await emulator.app.inject({ url: '/_emulator/report', headers: { host: '127.0.0.1' } })).json()
  matchList(t, findings.filter(({ rule }: { rule: string }) => rule === 'contract'),
    [{ path: 'request.body.CommandId', sequence: 3 }, { path: 'request.body.script[0]', sequence: 3 }])
})

t.test('journal entries have their findings, and a traced response has their number', async t => {
  const emulator = await build(t)
  const { headers } = await runCommand(emulator, BODY, { headers: { 'x-azrun-trace': '1' } })
  t.equal(headers['x-azrun-findings'], '2')
  const { value } = (await emulator.app.inject({ url: '/_emulator/requests', headers: { host: '127.0.0.1' } })).json()
  t.strictSame(value[0].findings.map(({ path }: { path: string }) => path), ['request.body.CommandId', 'request.body.script[0]'])
  const good = await runCommand(emulator, { commandId: 'RunShellScript' }, { apiVersion: API_VERSION, headers: { 'x-azrun-trace': '1' } })
  t.equal(good.headers['x-azrun-findings'], '0')
})
