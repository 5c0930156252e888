import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs, { chmodSync, readdirSync, readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { pino } from 'pino'
import t from 'tap'
import { VirtualClock, type Execution, type Executor, type Fixture } from '../../src/index.js'
import { AUTHORIZATION, build, get, runCommand, runCommandUrl, start, SUBSCRIPTION } from '../harness/emulator.js'
import { until } from '../harness/execution.js'
import { matchList } from '../harness/match-list.js'
import { converse } from '../harness/wire.js'

const shell = { commandId: 'RunShellScript', script: ['id'] }
const immediately = { headers: { prefer: 'wait=60' } }

/** The path of a virtual machine. */
function vmUrl (name: string): string {
  return runCommandUrl({ vmName: name }).replace('/runCommand?', '?')
}

t.test('runs two emulators in one process that share no state', async t => {
  const declared = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'mine' }
  const one = await start(t, { virtualMachines: [declared] })
  const two = await build(t, { fixtures: [{ name: 'two', result: { stdout: 'two' } }], respond: 'immediate' })
  t.equal((await get(one, vmUrl('other'))).statusCode, 404)
  t.equal((await get(two, vmUrl('other'))).statusCode, 200)
  const { headers } = await runCommand(one, shell, { vmName: 'mine' })
  t.equal((await get(one, `${headers['azure-asyncoperation']}`)).statusCode, 200)
  t.equal((await get(two, `${headers['azure-asyncoperation']}`)).statusCode, 404)
  t.match((await runCommand(two, shell)).body, /\[stdout\]\\ntwo/)
  await two.virtualMachines.declare({ ...declared, name: 'yours' })
  t.equal((await get(one, vmUrl('yours'))).statusCode, 404)
  await two.close()
  t.equal((await get(one, vmUrl('mine'))).statusCode, 200)
})

t.test('responds to a complete request even if something malformed follows it', async t => {
  const emulator = await start(t, { fixtures: [{ name: 'slow', result: { stdout: 'slow', durationMs: 50 } }] })
  const body = JSON.stringify(shell)
  const head = `POST ${runCommandUrl()} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a-token\r\nPrefer: wait=60\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`
  for (const connection of ['', 'Connection: close\r\n']) {
    const received = await converse(emulator, `${head}${connection}\r\n${body}junk\r\n\r\n`)
    t.match(received, /^HTTP\/1\.1 200 OK\r\n[^]*\[stdout\]\\nslow/)
    t.notMatch(received, 'Client Error', 'the port refuses malformed requests, not Fastify')
  }
})

t.test('logs an error response for a malformed request', async t => {
  const events: object[] = []
  const logger = pino({ level: 'info' }, { write: line => { events.push(JSON.parse(line)) } })
  const emulator = await start(t, { logger })
  t.match(await converse(emulator, 'GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'), /^HTTP\/1\.1 400 /)
  matchList(t, events, [{
    level: 30,
    msg: 'error response',
    method: 'GET',
    url: '/a',
    status: 400,
    code: 'BadRequest',
    reason: 'The request is not valid HTTP: it has several Host headers.'
  }])
})

t.test('does not log a response of 500 or more, which is no mistake of the client', async t => {
  const statuses: unknown[] = []
  const logger = pino({ level: 'info' }, { write: line => { statuses.push(JSON.parse(line).status) } })
  const emulator = await build(t, { logger })
  for (const status of [499, 500, 503]) {
    emulator.scenarios.put({ name: 'x', do: [{ error: { code: 'Mine', status } }] })
    t.equal((await runCommand(emulator, { commandId: 'RunShellScript' })).statusCode, status)
  }
  t.strictSame(statuses, [499])
})

t.test('logs a request whose client disconnects within its body, with the reason', async t => {
  const reasons: string[] = []
  let logged = () => {}
  const untilLogged = new Promise<void>(resolve => { logged = resolve })
  const write = (line: string) => { reasons.push(JSON.parse(line).reason); logged() }
  const { port } = await start(t, { logger: pino({ level: 'info' }, { write }) })
  const socket = connect(port, '127.0.0.1')
  socket.write(`POST ${runCommandUrl()} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a-token\r\n` +
    'Content-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n{')
  await once(socket, 'data')
  socket.resetAndDestroy()
  await untilLogged
  t.strictSame(reasons, ['The request is not valid HTTP: the client disconnected before it had sent the whole body.'])
})

t.test('delivers the error response to a large head over TLS', async t => {
  const { port, caFile } = await start(t)
  for (let time = 0; time < 10; time++) {
    const socket = connectTls({ port, host: '127.0.0.1', ca: readFileSync(caFile) })
    socket.write(`GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    t.match(await text(socket), /^HTTP\/1\.1 431 [^]*"code":"BadRequest"/)
  }
})

t.test('keeps emulators separate if its modules are loaded twice', async t => {
  const copy: typeof import('../../src/index.js') = await import(`${new URL('../../dist/index.js', import.meta.url)}?copy`)
  const one = await start(t)
  const two = await copy.startEmulator({ dataDir: t.testdir() })
  t.teardown(() => two.close())
  t.not(one.port, two.port)
  const { headers } = await runCommand(one, shell)
  t.equal((await get(one, `${headers['location']}`)).statusCode, 200)
  t.equal((await get(two, `${headers['location']}`)).statusCode, 404)
})

t.test('accepts HTTPS and HTTP on a free port', async t => {
  const { url, httpUrl, port, caFile } = await start(t)
  t.equal(url, `https://127.0.0.1:${port}`)
  t.equal(httpUrl, `http://127.0.0.1:${port}`)
  t.not(port, 10900)
  t.match(await (await fetch(`${httpUrl}/_emulator/health`)).json(), { status: 'ready', caFile })
})

t.test('returns a URL that clients can use if it listens on all addresses', async t => {
  const all = await start(t, { host: '0.0.0.0' })
  t.equal(all.url, `https://127.0.0.1:${all.port}`)
  t.equal((await fetch(`${all.httpUrl}/_emulator/health`)).status, 200)
})

t.test('runs scripts with a custom executor', async t => {
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
  matchList(t, executions, [{
    vm: { id: { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }, location: 'westus' },
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

t.test('completes the operation at once if a custom executor returns a result without a promise', async t => {
  let finish: (() => void) | undefined
  const finished = new Promise<void>(resolve => { finish = resolve })
  const executor: Executor = {
    execute: ({ script }) => {
      const result = { exitCode: 0, stdout: `ran: ${script}`, stderr: '' }
      return script === 'id' ? result : finished.then(() => result)
    }
  }
  const emulator = await build(t, { executor, pace: 'azure' })
  const start = async (script: string) =>
    `${(await runCommand(emulator, { ...shell, script: [script] }, { vmName: script })).headers['azure-asyncoperation']}`
  const [completed, pending] = [await start('id'), await start('date')]
  t.match((await get(emulator, completed)).body, /"status": "Succeeded".*ran: id/s)
  t.match((await get(emulator, pending)).json(), { status: 'InProgress' })
  finish!()
  t.match((await runCommand(emulator, { ...shell, script: ['date'] }, immediately)).body, 'ran: date')
  t.match((await get(emulator, pending)).body, /"status": "Succeeded".*ran: date/s)
})

/** An executor whose scripts run until the test ends them. `running` has the functions that end them, in order. */
function held () {
  const running: (() => void)[] = []
  const executor: Executor = {
    execute: async ({ vm }, { signal }) => {
      await new Promise<void>((resolve, reject) => {
        running.push(resolve)
        signal.addEventListener('abort', () => reject(signal.reason))
      })
      return { exitCode: 0, stdout: vm.id.name, stderr: '' }
    }
  }
  return { executor, running }
}

t.test('runs at most maxScripts scripts at the same time, and logs when others wait', async t => {
  const { executor, running } = held()
  const lines: { level: number, msg: string }[] = []
  const logger = pino({ level: 'info' }, { write: line => { lines.push(JSON.parse(line)) } })
  const emulator = await build(t, { executor, maxScripts: 1, pace: 'azure', logger })
  const urls: string[] = []
  for (const vmName of ['one', 'two', 'three']) {
    urls.push(`${(await runCommand(emulator, shell, { vmName })).headers['azure-asyncoperation']}`)
  }
  const status = async (url: string) => (await get(emulator, url)).json().status
  const statuses = async () => await Promise.all(urls.map(status))
  t.same(await statuses(), ['InProgress', 'InProgress', 'InProgress'])
  t.equal(running.length, 1)
  matchList(t, lines, [
    { level: 40, msg: "a script waits for its turn (1 waiting): at most 1 run at a time (option 'maxScripts')" },
    { level: 30, msg: "a script waits for its turn (2 waiting): at most 1 run at a time (option 'maxScripts')" }
  ])
  running[0]!()
  t.equal((await runCommand(emulator, shell, { vmName: 'two' })).statusCode, 409, 'a machine with a waiting script is busy')
  t.same(await statuses(), ['Succeeded', 'InProgress', 'InProgress'])
  t.equal(running.length, 2)
  await emulator.reset()
  const { body } = await runCommand(emulator, shell, { vmName: 'three' })
  t.equal(body, '')
  t.equal(running.length, 3, 'the waiting scripts are gone, and the turn is free')
})

t.test('a custom executor runs any number of scripts at the same time by default', async t => {
  const { executor, running } = held()
  const emulator = await build(t, { executor })
  for (let count = 0; count < 40; count++) await runCommand(emulator, shell, { vmName: `vm${count}` })
  t.equal(running.length, 40)
})

t.test('the shell executor runs 32 scripts at the same time by default', async t => {
  const dir = t.testdir({ data: {}, pids: {} })
  const emulator = await build(t, { executor: 'shell', dataDir: `${dir}/data` })
  const script = [`: > ${dir}/pids/$$; sleep 300`]
  for (let count = 0; count < 33; count++) await runCommand(emulator, { ...shell, script }, { vmName: `vm${count}` })
  await until(() => readdirSync(`${dir}/pids`).length === 32)
  await emulator.close()
  t.equal(readdirSync(`${dir}/pids`).length, 32)
  t.same(readdirSync(`${dir}/data/running`), [])
})

t.test('reports what is wrong with the result of a custom executor', async t => {
  const emulator = await build(t, { executor: { execute: async () => undefined as never } })
  const { statusCode, body } = await runCommand(emulator, shell, immediately)
  t.equal(statusCode, 409)
  const message = /^the executor's result must be an object, not undefined: its method 'execute' must return/
  t.match(JSON.parse(body), { error: { code: 'InternalExecutionError', message } })
})

t.test('aborts a script after 90 minutes by its clock and fails the operation as Azure does', async t => {
  const clock = new VirtualClock()
  let reason: unknown
  const executor: Executor = {
    execute: async (_, { signal }) => {
      await once(signal, 'abort')
      reason = signal.reason
      throw new Error('killed')
    }
  }
  const emulator = await build(t, { clock, executor, pace: 'azure' })
  const { headers } = await runCommand(emulator, shell)
  const poll = async () => (await get(emulator, `${headers['azure-asyncoperation']}`)).json()
  await clock.advance(90 * 60 * 1000 - 1)
  t.match(await poll(), { status: 'InProgress' })
  await clock.advance(1)
  t.match(await poll(), { status: 'Failed', error: { code: 'VMExtensionProvisioningTimeout' } })
  t.match(reason, { code: 'VMExtensionProvisioningTimeout' })
})

t.test('fails only the operation if an executor returns no result', async t => {
  const broken = () => { throw new Error('broken') }
  for (const execute of [async () => ({}), () => ({}), () => 'text', () => 1, () => undefined, broken]) {
    const emulator = await build(t, { executor: { execute } as unknown as Executor })
    const { statusCode, body } = await runCommand(emulator, shell, immediately)
    t.equal(statusCode, 409)
    t.match(JSON.parse(body), { error: { code: 'InternalExecutionError', message: /./ } })
  }
})

t.test('uses given fixtures before the built-in ones', async t => {
  const fixtures: Fixture[] = [
    { name: 'one machine', match: { vmName: 'one' }, result: { stdout: 'first' } },
    { name: 'every sample', match: { commandId: 'RunShellScript' }, result: { stdout: 'second' } }
  ]
  const emulator = await build(t, { fixtures, respond: 'immediate' })
  t.match((await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'one' })).body, 'first')
  t.match((await runCommand(emulator, { commandId: 'RunShellScript' })).body, 'second')
  t.match((await runCommand(emulator, { commandId: 'ifconfig' })).body, 'eth0')
})

t.test('measures delays with the given clock', async t => {
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

t.test('returns to its initial state after a reset', async t => {
  const clock = new VirtualClock()
  const declared = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }
  const emulator = await build(t, { clock, delay: 30_000, virtualMachines: [declared] })
  await emulator.virtualMachines.declare({ ...declared, name: 'second' })
  await emulator.virtualMachines.declare({ ...declared, powerState: 'stopped', name: 'vm' })
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
  const program = `import { startEmulator } from '${new URL('../../dist/index.js', import.meta.url)}'
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

t.test('warns once of a signing key that azrun cannot make private', async t => {
  const dataDir = t.testdir()
  await (await start(t, { dataDir })).close()
  chmodSync(join(dataDir, 'signing-key', 'key.pem'), 0o640)
  const { fchmodSync } = fs
  const setFchmod = (change: typeof fchmodSync) => {
    fs.fchmodSync = change
    syncBuiltinESMExports()
  }
  t.teardown(() => setFchmod(fchmodSync))
  // As on a file system without modes.
  setFchmod(() => { throw new Error('EPERM') })
  const warnings: string[] = []
  const logger = pino({ level: 'warn' }, { write: line => { warnings.push(JSON.parse(line).msg) } })
  const emulator = await start(t, { dataDir, logger })
  await emulator.issueToken()
  t.strictSame(warnings, [
    `${join(dataDir, 'signing-key', 'key.pem')} can be read by others (mode 0640), and azrun cannot change that: choose another directory`
  ])
})
