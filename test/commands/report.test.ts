import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { azrun, serving } from '../harness/azrun.js'
import { newDirectory } from '../harness/directory.js'
import { AUTHORIZATION, runCommandUrl } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'

const dataDir = newDirectory(t)
const SEND = `fetch(process.env.AZRUN_URL.replace('https', 'http') + '${runCommandUrl()}', { method: 'POST', headers: { authorization: 'Bearer a', ` +
  "'content-type': 'application/json' }, body: '{\"CommandId\":\"RunShellScript\"}' }).then(() => process.exit(3))"

t.test("exec writes the report after the command has ended, and exits with the command's exit code", async t => {
  const file = join(t.testdir(), 'findings.sarif')
  const { code, stderr } = await azrun(t, ['exec', '--report', file, '--', 'node', '-e', SEND], { AZRUN_DATA_DIR: dataDir })
  t.equal(code, 3, stderr)
  const { runs: [{ results }] } = JSON.parse(readFileSync(file, 'utf8'))
  matchList(t, results.filter(({ ruleId }: { ruleId: string }) => ruleId === 'contract'), [{ ruleId: 'contract', level: 'warning', message: { text: /^member 'CommandId' has the wrong case/ } }])
})

t.test('exec says that it can no longer write the report, and fails even if its command did not', async t => {
  const written = async (exit: number) => {
    const directory = join(t.testdir({ reports: {} }), 'reports')
    const file = join(directory, 'a.json')
    return { file, ...await azrun(t, ['exec', '--report', file, '--', 'sh', '-c', `rmdir ${directory}; exit ${exit}`], { AZRUN_DATA_DIR: dataDir }) }
  }
  for (const [exit, expected] of [[0, 1], [3, 3]] as const) {
    const { file, code, stderr } = await written(exit)
    t.equal(code, expected, stderr)
    t.equal(stderr, `azrun: --report ${file} cannot be written, since its directory does not exist: make that, or check the path\n`)
  }
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`serve writes the report when ${signal} ends it`, async t => {
    const file = join(t.testdir(), 'findings.xml')
    const { child, httpUrl, ended } = await serving(t, dataDir, ['--report', file])
    const body = '{"commandId":"RunShellScript","script":[5]}'
    await fetch(`${httpUrl}${runCommandUrl()}`, {
      method: 'POST', headers: { ...AUTHORIZATION, 'content-type': 'application/json', connection: 'close' }, body
    })
    t.notOk(existsSync(file))
    child.kill(signal)
    t.equal((await ended).code, 0)
    t.match(readFileSync(file, 'utf8'), /<system-out>.*is the number 5/)
  })
}

t.test('serve refuses a report that it cannot write in one line, and exits with 2', async t => {
  const { code, stderr } = await azrun(t, ['serve', '--port', '0', '--data-dir', dataDir, '--report', '/no/such/a.json'])
  t.equal(code, 2)
  t.equal(stderr, 'azrun: --report /no/such/a.json cannot be written, since its directory does not exist: make that, or check the path\n')
})
