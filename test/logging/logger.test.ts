import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { azrun, serving } from '../harness/azrun.js'
import { AUTHORIZATION, runCommandUrl } from '../harness/emulator.js'
import { noTerminal, servingOnTerminal } from '../harness/terminal.js'

const LINE = 'POST vm RunShellScript 202 → exit 0 · '

async function sendCommand (httpUrl: string): Promise<void> {
  const response = await fetch(`${httpUrl}${runCommandUrl()}`, {
    method: 'POST',
    headers: { ...AUTHORIZATION, 'content-type': 'application/json' },
    body: JSON.stringify({ commandId: 'RunShellScript' })
  })
  await response.text()
}

/** The log of `azrun serve` for one run command, with a pipe as stderr. */
async function logged (t: Test, args: readonly string[], env = {}): Promise<string> {
  const { child, httpUrl, ended } = await serving(t, t.testdir(), args, env)
  await sendCommand(httpUrl)
  child.kill('SIGTERM')
  return (await ended).stderr
}

t.test('on a terminal', { skip: noTerminal }, async t => {
  t.test('run commands are logged as colored lines', async t => {
    const terminal = await servingOnTerminal(t)
    await sendCommand(terminal.httpUrl)
    t.match(await terminal.end(), 'POST vm RunShellScript 202 → \u001b[32mexit 0\u001b[39m ')
  })

  t.test('NO_COLOR keeps the lines plain', async t => {
    const terminal = await servingOnTerminal(t, [], { env: { NO_COLOR: '1' } })
    await sendCommand(terminal.httpUrl)
    const shown = await terminal.end()
    t.match(shown, LINE)
    t.notMatch(shown, '\u001b')
  })

  t.test('--log-format json logs objects, and no run commands', async t => {
    const terminal = await servingOnTerminal(t, ['--log-format', 'json'])
    await sendCommand(terminal.httpUrl)
    t.notMatch(await terminal.end(), 'RunShellScript 202')
  })

  t.test('objects are logged if stderr is not the terminal', async t => {
    const file = join(t.testdir(), 'log')
    const terminal = await servingOnTerminal(t, ['--verbose'], { redirect: `2>'${file}'` })
    await sendCommand(terminal.httpUrl)
    await terminal.end()
    t.match(JSON.parse(readFileSync(file, 'utf8')), { msg: 'run command', exitCode: 0 })
  })
})

t.test('azrun continues to serve while its terminal is stopped', { skip: noTerminal }, async t => {
  const terminal = await servingOnTerminal(t)
  terminal.stop()
  // A pipe and a terminal hold less than 70 KiB.
  const path = '/'.padEnd(200, 'x')
  const statuses = new Set<number>()
  for (let i = 0; i < 500; i++) {
    const response = await fetch(`${terminal.httpUrl}${path}`)
    await response.text()
    statuses.add(response.status)
  }
  t.strictSame([...statuses], [400])
  t.match(await terminal.end(), path)
})

t.test('on a pipe', async t => {
  t.test('run commands are not logged', async t => {
    t.equal(await logged(t, []), '')
  })

  t.test('--log-format pretty logs run commands as lines without color', async t => {
    t.match(await logged(t, ['--log-format', 'pretty']), new RegExp(`^${LINE}\\d+ ms\n$`))
  })

  t.test('--verbose overrides a less verbose level, but not a more verbose one', async t => {
    t.match(await logged(t, ['--verbose'], { AZRUN_LOG_LEVEL: 'silent' }), '"run command"')
    t.match(await logged(t, ['--verbose'], { AZRUN_LOG_LEVEL: 'debug' }), '"request"')
  })

  t.test('--log-level overrides the default of the format', async t => {
    t.equal(await logged(t, ['--log-format', 'pretty', '--log-level', 'warn']), '')
  })
})

t.test('exec logs run commands only with --verbose', async t => {
  const dataDir = t.testdir()
  const command = `'${process.execPath}' -e '${SEND}'`
  const run = async (args: readonly string[]) => {
    const { code, stderr } = await azrun(t, ['exec', '--data-dir', dataDir, '--log-format', 'pretty', ...args,
      '--', 'sh', '-c', command])
    t.equal(code, 0)
    return stderr
  }
  t.equal(await run([]), '')
  t.match(await run(['--verbose']), LINE)
})

/** A program that sends a run command to azrun's URL in its environment, without TLS. */
const SEND = `fetch(process.env.AZRUN_URL.replace("https", "http") + "${runCommandUrl()}", { method: "POST", ` +
  'headers: { authorization: "Bearer x", "content-type": "application/json" }, ' +
  'body: JSON.stringify({ commandId: "RunShellScript" }) })'
