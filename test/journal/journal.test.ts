import t from 'tap'
import { VirtualClock, type Executor } from '../../src/index.js'
import { build, get, runCommand, runCommandUrl, start, SUBSCRIPTION } from '../harness/emulator.js'
import { put } from '../harness/managed.js'
import { matchList } from '../harness/match-list.js'
import { WatchedClock } from '../harness/watched-clock.js'
import { whole } from '../harness/whole.js'
import { converse } from '../harness/wire.js'

t.test('an entry has the request, the response and the result of the script', async t => {
  const emulator = await build(t, { respond: 'immediate', fixtures: [{ name: 'a', result: { stdout: 'out', exitCode: 3 } }] })
  const body = { commandId: 'RunShellScript', script: ['df -h', 'ls'], parameters: [{ name: 'a', value: 'b' }] }
  await runCommand(emulator, body, { vmName: 'db-1', headers: { 'x-ms-client-request-id': 'id-1', 'user-agent': 'test' } })
  const response = await get(emulator, '/_emulator/requests/1')
  t.match(response.json(), {
    sequence: 1,
    operation: 'VirtualMachines_RunCommand',
    method: 'POST',
    status: 200,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'rg',
    vmName: 'db-1',
    clientRequestId: 'id-1',
    userAgent: 'test',
    request: { headers: { authorization: '<redacted>' }, body: JSON.stringify(body) },
    response: { body: /"code":"ProvisioningState/ },
    command: { commandId: 'RunShellScript', script: 'df -h\nls', parameters: { a: 'b' }, exitCode: 3, stdout: 'out', stdoutBytes: 3, stderr: '' },
    polls: { length: 0 }
  })
})

t.test('the entry of a request has the polls of its operation, and a poll has the machine', async t => {
  const emulator = await build(t)
  const { headers } = await runCommand(emulator, { commandId: 'RunShellScript', script: ['df -h'] })
  await get(emulator, `${headers['azure-asyncoperation']}`)
  const { value, total } = (await get(emulator, '/_emulator/requests?vmName=VM&script=df*&operation=*')).json()
  t.equal(total, 2)
  matchList(t, value, [{ sequence: 1, polls: [{ status: 200 }] }, { sequence: 2, operation: 'Operations_Get', vmName: 'vm', operationId: value[0].operationId }])
})

t.test('refused requests and unknown paths are recorded, and requests to azrun itself are not', async t => {
  const emulator = await build(t)
  const send = async (url: string, headers: Record<string, string> = {}) => await emulator.app.inject({ url, headers })
  await send('/')
  await send('/_emulator/health')
  await send('/%zz')
  await send('/_emulator/%zz')
  await send('/x', { host: 'example.com' })
  await send(runCommandUrl())
  await emulator.app.inject({ method: 'POST', url: runCommandUrl() })
  await send('/common/oauth2/v2.0/token')
  const kept = emulator.journal.list().value.map(({ operation, status, url }) => ({ operation, status, path: url.split('?')[0]!.replace(/^http:\/\/[^/]+/, '') }))
  matchList(t, kept, [
    { operation: undefined, status: 400, path: '/' },
    { operation: undefined, status: 400, path: '/%zz' },
    { operation: undefined, status: 403, path: '/x' },
    { operation: undefined, status: 401 },
    { operation: 'VirtualMachines_RunCommand', status: 401 },
    { operation: undefined, status: 400, path: '/common/oauth2/v2.0/token' }
  ])
})

t.test('a refused body with anything in the place of a text does not keep the other entries from being listed', async t => {
  const emulator = await build(t)
  const send = async (payload: string) => await emulator.app.inject({
    method: 'POST', url: runCommandUrl(), payload, headers: { authorization: 'Bearer any', 'content-type': 'application/json' }
  })
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  for (const value of ['{"toString":1}', '[{"valueOf":1,"toString":1}]', deep]) {
    await send(`{"commandId":"RunShellScript","script":[${value}]}`)
    await send(`{"commandId":"RunShellScript","script":["df"],"parameters":[{"name":${value},"value":${value}}]}`)
  }
  await runCommand(emulator, { commandId: 'RunShellScript', script: ['df -h'] })
  t.equal((await get(emulator, '/_emulator/requests')).json().total, 7)
  t.equal((await get(emulator, '/_emulator/requests?script=df -h')).json().total, 1)
  t.equal((await get(emulator, '/_emulator/report')).statusCode, 200)
})

t.test('an entry exists as soon as the client has its response, and has the origin that the client used', async t => {
  const emulator = await start(t, { respond: 'immediate' })
  const headers = { authorization: 'Bearer x', 'content-type': 'application/json', 'accept-encoding': 'gzip' }
  const body = JSON.stringify({ commandId: 'RunShellScript', script: ['printf \u20ac'] })
  for (const apiVersion of ['2024-03-01', '2017-03-30']) {
    const response = await fetch(emulator.httpUrl + runCommandUrl({ apiVersion }), { method: 'POST', headers, body })
    const text = await response.text()
    const entry = emulator.journal.get(emulator.journal.next - 1)!
    t.equal(entry.url, emulator.httpUrl + runCommandUrl({ apiVersion }))
    t.equal(entry.request.body, body)
    t.equal(entry.response.body, text)
    t.equal(entry.response.headers['x-ms-request-id'], response.headers.get('x-ms-request-id'))
    t.equal(entry.command!.script, 'printf \u20ac')
  }
})

t.test('an entry has a header that occurs more than once as a list, and the id of a login', async t => {
  const emulator = await start(t)
  await converse(emulator, 'GET /common/oauth2/token HTTP/1.1\r\nHost: localhost\r\nX-Own: 1\r\nx-own: 0\r\nX-Own: 2\r\n' +
    'client-request-id: id-1\r\nX-Own: 3\r\nConnection: close\r\n\r\n')
  const { clientRequestId, request } = emulator.journal.get(1)!
  t.equal(clientRequestId, 'id-1')
  t.match(request.headers, { 'X-Own': ['1', '2', '3'], 'x-own': '0' })
})

t.test('a chunked body is recorded without its chunks', async t => {
  const emulator = await start(t)
  const headers = { authorization: 'Bearer x', 'accept-encoding': 'identity' }
  const response = await fetch(`${emulator.httpUrl}/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/runCommands?api-version=2017-03-30`, { headers })
  t.equal(response.headers.get('transfer-encoding'), 'chunked')
  t.equal(emulator.journal.get(1)!.response.body, await response.text())
})

t.test('the result of a script is added when it ends after the response', async t => {
  const clock = new VirtualClock()
  const fixtures = [{ name: 'slow', result: { stdout: 'out', stderr: 'err', exitCode: 2, durationMs: 3000 } }]
  const emulator = await build(t, { clock, fixtures })
  await runCommand(emulator, { commandId: 'RunShellScript' })
  const [before] = emulator.journal.list().value
  t.equal(before!.command!.exitCode, undefined)
  t.match(before!.command!.script, /\w/, 'the script of the document')
  await clock.advance(3000)
  t.match(emulator.journal.get(1)!.command, { exitCode: 2, stdout: 'out', stderr: 'err', stdoutBytes: 3, stderrBytes: 3, queuedMs: 0, ranMs: 3000 })
})

t.test('the journal has how long a script waited for its turn, and how long it ran', async t => {
  const clock = new VirtualClock()
  const executor: Executor = {
    async execute (_execution, { signal }) {
      await clock.sleep(3000, signal)
      return { exitCode: 0, stdout: '', stderr: '' }
    }
  }
  const emulator = await build(t, { clock, executor, maxScripts: 1, logLevel: 'silent' })
  await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'one' })
  await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'two' })
  await put(emulator, 'df', { vmName: 'three' })
  await clock.advance(9000)
  matchList(t, emulator.journal.list().value.map(({ command }) => command),
    [{ queuedMs: 0, ranMs: 3000 }, { queuedMs: 3000, ranMs: 3000 }, { queuedMs: 6000, ranMs: 3000 }])
})

t.test('under a virtual clock two runs record the same times', async t => {
  const run = async () => {
    const clock = new VirtualClock()
    const emulator = await build(t, { clock, delay: 1000, pace: 'azure' })
    const { headers } = await runCommand(emulator, { commandId: 'RunShellScript', script: ['df'] })
    await clock.advance(500)
    await get(emulator, `${headers['azure-asyncoperation']}`)
    await clock.advance(500)
    await get(emulator, `${headers['azure-asyncoperation']}`)
    return emulator.journal.list().value
      .map(({ time, durationMs, operation, status, polls }) => ({ time, durationMs, operation, status, polls }))
  }
  const first = await run()
  t.same(first, await run())
  t.same(first[0]!.polls, [{ time: '2024-03-01T00:00:00.500Z', status: 200 }, { time: '2024-03-01T00:00:01.000Z', status: 200 }])
})

t.test('the time of an entry is that of its request, and its duration ends with the response', async t => {
  const clock = new WatchedClock()
  const emulator = await build(t, { clock, scenarios: [{ name: 'slow', do: [{ delay: { ms: 1000 } }] }] })
  const pending = runCommand(emulator, { commandId: 'RunShellScript' })
  await clock.asleep
  await clock.advance(1000)
  await pending
  t.match(emulator.journal.get(1), { time: '2024-03-01T00:00:00.000Z', durationMs: 1000 })
})

t.test('a value that Azure accepts although the contract forbids it is a finding', async t => {
  const emulator = await build(t)
  await runCommand(emulator, { commandId: 'RunShellScript', script: [1] })
  const { leniencies, findings, command } = emulator.journal.get(1)!
  t.strictSame(leniencies, ['number'])
  matchList(t, findings, [{ rule: 'contract', severity: 'warning', path: 'request.body' }])
  t.equal(command!.script, '1')
})

t.test('a response has the number of its entry if the client asks for it or traceHeaders is set', async t => {
  const ask = { 'x-azrun-trace': '1' }
  const emulator = await build(t)
  const plain = await runCommand(emulator, { commandId: 'RunShellScript' })
  t.same(Object.keys(plain.headers).filter(name => name.startsWith('x-azrun')), [])
  const traced = await runCommand(emulator, { commandId: 'RunShellScript', script: [1] }, { headers: ask, vmName: 'other' })
  t.match(traced.headers, { 'x-azrun-sequence': '2', 'x-azrun-findings': '1' })
  const login = await emulator.app.inject({ url: '/common/discovery/v2.0/keys', headers: ask })
  t.match(login.headers, { 'x-azrun-sequence': '3', 'x-azrun-findings': '0' })
  const always = await build(t, { traceHeaders: true, journal: 0 })
  const { headers } = await runCommand(always, { commandId: 'RunShellScript' })
  t.same([headers['x-azrun-sequence'], headers['x-azrun-findings']], [undefined, '0'])
})

t.test('the end and the length of a long output are recorded', async t => {
  const emulator = await build(t, { executor: 'shell', respond: 'immediate' })
  await runCommand(emulator, { commandId: 'RunShellScript', script: ['head -c 100000 /dev/zero | tr "\\0" x; echo >&2'] })
  const { stdout, stdoutBytes, stderrBytes, ranMs } = emulator.journal.get(1)!.command!
  t.same([stdout!.length, stdoutBytes, stderrBytes, ranMs! >= 0], [4096, 100_000, 1, true])
})

t.test('the start of an operation is found by its id until the journal is cleared', async t => {
  const emulator = await build(t)
  await runCommand(emulator, { commandId: 'RunShellScript', script: ['a', 'b'] })
  const id = emulator.journal.get(1)!.operationId!
  const { journal } = whole(emulator)
  t.same(journal.startOf(id.toUpperCase()), { resourceGroup: 'rg', vmName: 'vm', commandId: 'RunShellScript', script: 'a\nb', parameters: {} })
  journal.clear()
  t.equal(journal.startOf(id), undefined)
})
