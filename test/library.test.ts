import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { VirtualClock, type Execution, type Executor, type Fixture } from '../src/index.js'
import { AUTHORIZATION, build, get, runCommand, runCommandUrl, start, SUBSCRIPTION } from './helper.js'

const shell = { commandId: 'RunShellScript', script: ['id'] }
const immediately = { headers: { prefer: 'wait=60' } }

/** A virtual machine's path. */
function vmUrl (name: string): string {
  return runCommandUrl({ vmName: name }).replace('/runCommand?', '?')
}

t.test('runs two emulators in one process that know nothing of each other', async t => {
  const declared = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'mine' }
  const one = await start(t, { virtualMachines: [declared] })
  const two = await build(t, { fixtures: [{ name: 'two', result: { stdout: 'two' } }], respond: 'immediate' })
  t.equal((await get(one, vmUrl('other'))).statusCode, 404)
  t.equal((await get(two, vmUrl('other'))).statusCode, 200)
  const { headers } = await runCommand(one, shell, { vmName: 'mine' })
  t.equal((await get(one, `${headers['azure-asyncoperation']}`)).statusCode, 200)
  t.equal((await get(two, `${headers['azure-asyncoperation']}`)).statusCode, 404)
  t.match((await runCommand(two, shell)).body, /\[stdout\]\\ntwo/)
  two.virtualMachines.declare({ ...declared, name: 'yours' })
  t.equal((await get(one, vmUrl('yours'))).statusCode, 404)
  await two.close()
  t.equal((await get(one, vmUrl('mine'))).statusCode, 200)
})

t.test('keeps no state in its modules: a second copy of them is the same', async t => {
  const copy: typeof import('../src/index.js') = await import(`${new URL('../dist/index.js', import.meta.url)}?copy`)
  const one = await start(t)
  const two = await copy.startEmulator({ dataDir: t.testdir() })
  t.teardown(() => two.close())
  t.not(one.port, two.port)
  const { headers } = await runCommand(one, shell)
  t.equal((await get(one, `${headers['location']}`)).statusCode, 200)
  t.equal((await get(two, `${headers['location']}`)).statusCode, 404)
})

t.test('listens with TLS and without on a free port of its own', async t => {
  const { url, httpUrl, port, caFile } = await start(t)
  t.equal(url, `https://127.0.0.1:${port}`)
  t.equal(httpUrl, `http://127.0.0.1:${port}`)
  t.not(port, 10900)
  t.match(await (await fetch(`${httpUrl}/_emulator/health`)).json(), { status: 'ready', caFile })
})

t.test('names an address that clients can use where it listens on all', async t => {
  const all = await start(t, { host: '0.0.0.0' })
  t.equal(all.url, `https://127.0.0.1:${all.port}`)
  t.equal((await fetch(`${all.httpUrl}/_emulator/health`)).status, 200)
})

t.test("runs scripts with an executor of one's own", async t => {
  const executions: Execution[] = []
  let closed = 0
  const executor: Executor = {
    async execute (execution) {
      executions.push(execution)
      return { exitCode: 0, stdout: 'from my own', stderr: '' }
    },
    async close () { closed++ }
  }
  const emulator = await build(t, { executor })
  const { statusCode, body } = await runCommand(emulator, { ...shell, parameters: [{ name: 'a', value: 'b' }] }, immediately)
  t.equal(statusCode, 200)
  t.match(body, /\[stdout\]\\nfrom my own/)
  t.match(executions, [{
    vm: { name: 'vm', osType: 'Linux' },
    commandId: 'RunShellScript',
    script: 'id',
    interpreter: 'sh',
    env: { a: 'b' },
    parameters: [{ name: 'a', value: 'b' }]
  }])
  t.equal(closed, 0)
  await emulator.close()
  t.equal(closed, 1)
})

t.test("asks an executor of one's own for what it knows before it runs anything", async t => {
  const executor: Executor = {
    answer: ({ script }) => script === 'id' ? { exitCode: 0, stdout: 'known', stderr: '' } : undefined,
    execute: async ({ script }) => ({ exitCode: 0, stdout: `run: ${script}`, stderr: '' })
  }
  const emulator = await build(t, { executor })
  t.match((await runCommand(emulator, shell, immediately)).body, /\[stdout\]\\nknown\\n/)
  t.match((await runCommand(emulator, { ...shell, script: ['date'] }, immediately)).body, /\[stdout\]\\nrun: date\\n/)
})

t.test('fails the operation, and nothing else, where an executor answers what is no result', async t => {
  for (const answer of [async () => ({}), () => 'text', () => 1, () => { throw new Error('broken') }]) {
    const executor = { answer, execute: async () => ({}) } as unknown as Executor
    const emulator = await build(t, { executor })
    const { statusCode, body } = await runCommand(emulator, shell, immediately)
    t.equal(statusCode, 409)
    t.match(JSON.parse(body), { error: { code: 'InternalExecutionError', message: /./ } })
  }
})

t.test('answers from the fixtures that it is given, before the built-in ones', async t => {
  const fixtures: Fixture[] = [
    { name: 'one machine', match: { vmName: 'one' }, result: { stdout: 'first' } },
    { name: 'every sample', match: { commandId: 'RunShellScript' }, result: { stdout: 'second' } }
  ]
  const emulator = await build(t, { fixtures, respond: 'immediate' })
  t.match((await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'one' })).body, 'first')
  t.match((await runCommand(emulator, { commandId: 'RunShellScript' })).body, 'second')
  t.match((await runCommand(emulator, { commandId: 'ifconfig' })).body, 'eth0')
})

t.test('waits by the clock that it is given', async t => {
  const clock = new VirtualClock()
  const emulator = await build(t, { clock, delay: 30_000, pace: 'azure' })
  t.equal(emulator.clock, clock)
  const { headers, statusCode } = await runCommand(emulator, shell)
  t.equal(statusCode, 202)
  const location = `${headers['location']}`
  await clock.advance(29_999)
  t.equal((await get(emulator, location)).statusCode, 202)
  await clock.advance(1)
  t.equal((await get(emulator, location)).statusCode, 200)
})

t.test('is as new after a reset', async t => {
  const clock = new VirtualClock()
  const declared = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }
  const emulator = await build(t, { clock, delay: 30_000, virtualMachines: [declared] })
  emulator.virtualMachines.declare({ ...declared, name: 'second' })
  emulator.virtualMachines.declare({ ...declared, powerState: 'stopped', name: 'vm' })
  const { headers } = await runCommand(emulator, shell, { vmName: 'second' })
  const waiting = get(emulator, `${headers['azure-asyncoperation']}`)
  await emulator.reset()
  t.equal((await waiting).json().status, 'Canceled')
  t.equal((await get(emulator, `${headers['azure-asyncoperation']}`)).statusCode, 404)
  t.equal((await get(emulator, vmUrl('second'))).statusCode, 404)
  t.equal((await runCommand(emulator, shell)).statusCode, 202)
  await emulator.reset()
})

t.test('prints nothing, whatever happens', async t => {
  const program = `import { startEmulator } from '${new URL('../dist/index.js', import.meta.url)}'
    const emulator = await startEmulator({ dataDir: process.argv[1] })
    const url = emulator.httpUrl
    await fetch(url + '${runCommandUrl()}', { method: 'POST', body: '{', headers: ${JSON.stringify(AUTHORIZATION)} })
    for (const path of ['/', '/_emulator/docs', '/_emulator/none', '${runCommandUrl()}']) await fetch(url + path)
    await startEmulator({ dataDir: process.argv[1], port: emulator.port }).catch(error => { process.exitCode = 3 })
    await emulator.reset()
    await emulator.close()`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, t.testdir()], {
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  t.strictSame({ stdout, stderr, code }, { stdout: '', stderr: '', code: 3 })
})
