import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { UsageError, VirtualClock, type Emulator, type EmulatorOptions } from '../../src/index.js'
import { callAdmin } from '../harness/admin.js'
import { build, get, runCommand, start, SUBSCRIPTION } from '../harness/emulator.js'
import { until } from '../harness/execution.js'
import { whole } from '../harness/whole.js'

const script = (...lines: string[]) => ({ commandId: 'RunShellScript', script: lines })

async function call (emulator: Emulator, method: string, path: string, given?: object) {
  const { status, body } = await callAdmin(emulator, method, path, given)
  return { status, body }
}

/** An emulator with three run commands in its journal; the first two have the same script. */
async function emulatorWithRequests (t: Test, options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await build(t, { respond: 'immediate', clock: new VirtualClock(), ...options })
  await runCommand(emulator, script('df -h'), { vmName: 'db-1', headers: { 'x-ms-client-request-id': 'ONE' } })
  await runCommand(emulator, script('df -h'), { vmName: 'db-2', resourceGroup: 'Other' })
  await runCommand(emulator, script('uptime'), { vmName: 'web-1', headers: { 'user-agent': 'python/3' } })
  return emulator
}

const sequences = ({ body }: { body: { value: { sequence: number }[] } }) => body.value.map(({ sequence }) => sequence)

t.test('every filter finds its requests, with * as a wildcard and names in any case', async t => {
  const emulator = await emulatorWithRequests(t)
  await get(emulator, '/subscriptions/no-guid/resourcegroups?api-version=2021-04-01')
  await get(emulator, `/subscriptions/${SUBSCRIPTION}/nothing?api-version=2024-03-01`)
  const expected: Readonly<Record<string, number[]>> = {
    '': [1, 2, 3, 4, 5],
    'vmName=DB-*': [1, 2],
    'resourceGroup=other': [2],
    'script=df*': [1, 2],
    'script=df': [],
    'commandId=runshellscript': [1, 2, 3],
    'operation=VirtualMachines_*': [1, 2, 3],
    [`subscriptionId=${SUBSCRIPTION.toUpperCase()}`]: [1, 2, 3, 5],
    'status=200': [1, 2, 3],
    'status=404': [5],
    'clientRequestId=one': [1],
    'scenario=*': [],
    'since=2': [3, 4, 5],
    'vmName=db-*&script=*-h&top=1': [1]
  }
  for (const [query, found] of Object.entries(expected)) t.same(sequences(await call(emulator, 'GET', `/requests?${query}`)), found, query)
  t.match(await call(emulator, 'GET', '/requests?vmName=db-*&top=1'), { body: { total: 2, evicted: 0 } })
})

t.test('returns an entry, says why one is missing, and clears the journal', async t => {
  const emulator = await emulatorWithRequests(t, { journal: 2 })
  t.match(await call(emulator, 'GET', '/requests/3'), { status: 200, body: { sequence: 3, userAgent: 'python/3' } })
  t.match(await call(emulator, 'GET', '/requests/1'), {
    status: 404, body: { error: { code: 'NotFound', message: /^entry 1 is not kept: .* one of the 1 oldest/, target: 'sequence' } }
  })
  t.match(await call(emulator, 'GET', '/requests/4'), { status: 404, body: { error: { message: 'there is no entry 4 yet: the last one is 3' } } })
  t.same(await call(emulator, 'DELETE', '/requests'), { status: 204, body: undefined })
  t.match(await call(emulator, 'GET', '/requests'), { body: { value: { length: 0 }, total: 0, evicted: 1 } })
})

t.test('without a journal every question about requests is refused, even whether there are none', async t => {
  const emulator = await emulatorWithRequests(t, { journal: 0 })
  const error = { code: 'BadRequest', message: 'azrun keeps no requests: start it without --journal 0' }
  const questions = ['/requests', '/requests?count=1&wait=0', '/requests/1', '/requests.har', '/report?format=json', '/report?format=junit', '/report?format=sarif']
  for (const path of questions) t.strictSame(await call(emulator, 'GET', path), { status: 400, body: { error } }, path)
  for (const times of ['0', '1']) {
    t.strictSame(await call(emulator, 'POST', '/verify', { expectations: [{ match: {}, times }] }), { status: 400, body: { error } }, times)
  }
  t.equal((await call(emulator, 'DELETE', '/requests')).status, 204)
  await t.rejects(emulator.journal.verify([{ match: {}, times: '0' }]), UsageError)
  await t.rejects(emulator.journal.waitFor(), UsageError)
  t.throws(() => emulator.journal.list(), UsageError)
  t.throws(() => emulator.journal.get(1), UsageError)
})

t.test('a wait ends when the last expected request arrives', async t => {
  const emulator = await emulatorWithRequests(t)
  const waiting = call(emulator, 'GET', '/requests?vmName=db-*&count=3&wait=3600')
  await until(() => whole(emulator).journal.waiting === 1)
  await runCommand(emulator, script('ls'), { vmName: 'web-2' })
  await runCommand(emulator, script('ls'), { vmName: 'db-3' })
  t.same(sequences(await waiting), [1, 2, 5])
})

t.test('a wait that times out returns what it found and the nearest requests', async t => {
  const emulator = await emulatorWithRequests(t)
  const { status, body } = await call(emulator, 'GET', '/requests?vmName=db-*&script=df*/&count=1&wait=0')
  t.equal(status, 408)
  t.match(body, {
    error: {
      code: 'RequestTimeout',
      message: "0 of 1 requests with vmName 'db-*' and script 'df*/' came within 0 s. " +
        "The nearest is #2: script: sent 'df -h', expected 'df*/'."
    },
    found: { length: 0 },
    nearest: [{ sequence: 2, differences: ["script: sent 'df -h', expected 'df*/'"] }, { sequence: 1 }, {
      sequence: 3, differences: ["vmName: sent 'web-1', expected 'db-*'", "script: sent 'uptime', expected 'df*/'"]
    }]
  })
})

t.test('a wait that times out says how many entries the journal has dropped', async t => {
  const emulator = await emulatorWithRequests(t, { journal: 1 })
  const { body } = await call(emulator, 'GET', '/requests?count=2&wait=0')
  t.match(body, { evicted: 2, error: { message: / The journal has dropped its 2 oldest entries/ } })
})

t.test('a report and an archive say how many entries the journal has dropped', async t => {
  const emulator = await emulatorWithRequests(t, { journal: 2 })
  const report = await call(emulator, 'GET', '/report')
  t.match(report.body.findings.at(-1), { subject: 'azrun', rule: 'journal', message: /^the journal dropped the oldest 1 requests, / })
  const archive = await call(emulator, 'GET', '/requests.har')
  t.equal(archive.body.log.comment, 'The journal has dropped its 1 oldest entries: keep more with --journal ENTRIES.')
  t.notOk('comment' in (await call(await emulatorWithRequests(t), 'GET', '/requests.har')).body.log)
})

t.test('a client that disconnects ends its wait', async t => {
  const emulator = await start(t)
  const client = httpRequest(`${emulator.httpUrl}/_emulator/requests?count=1&wait=3600`).on('error', () => {})
  client.end()
  await until(() => whole(emulator).journal.waiting === 1)
  client.destroy()
  await until(() => whole(emulator).journal.waiting === 0)
  t.pass('no request waits')
})

t.test('a client that ends its side of the connection gets a 408 from each wait', async t => {
  const emulator = await start(t, { scenarios: [{ name: 'busy', calls: '1', do: [{ delay: { ms: 1 } }] }] })
  for (const path of ['requests?count=1&wait=3600', 'scenarios?name=busy&wait=3600']) {
    const client = connect(emulator.port, '127.0.0.1')
    client.end(`GET /_emulator/${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    t.match(await text(client), /^HTTP\/1.1 408 [^]*the client has ended its side of the connection/, path)
  }
})

t.test('close ends waiting requests at once', async t => {
  const emulator = await start(t)
  const response = fetch(`${emulator.httpUrl}/_emulator/requests?count=1&wait=3600`)
  await until(() => whole(emulator).journal.waiting === 1)
  await emulator.close()
  t.equal((await response).status, 408)
})

t.test('verify accepts expectations that are met, and lists the others with the nearest requests', async t => {
  const emulator = await emulatorWithRequests(t)
  const met = [{ match: { script: 'df*' }, times: '2' }, { match: { vmName: 'web-*' } }, { match: { vmName: 'x' }, times: '0' }]
  t.same(await call(emulator, 'POST', '/verify', { expectations: met }), { status: 200, body: { verified: 3 } })
  const { status, body } = await call(emulator, 'POST', '/verify', {
    expectations: [{ match: { script: 'df*' }, times: '1' }, { match: { script: 'uptim' } }, { match: { vmName: 'db-1' } }]
  })
  t.equal(status, 409)
  t.same(body.failures, [
    { expectation: { match: { script: 'df*' }, times: '1' }, found: 2, text: "expectation 1: expected 1 request with script 'df*', found 2: #1, #2.", nearest: [] },
    {
      expectation: { match: { script: 'uptim' } },
      found: 0,
      text: "expectation 2: expected at least 1 request with script 'uptim', found 0. The nearest is #3: script: sent 'uptime', expected 'uptim'.",
      nearest: [3, 2, 1].map(sequence => ({ sequence, differences: [`script: sent '${sequence === 3 ? 'uptime' : 'df -h'}', expected 'uptim'`] }))
    }
  ])
})

t.test('verify waits until all expectations are met', async t => {
  const emulator = await emulatorWithRequests(t)
  const verified = call(emulator, 'POST', '/verify', { expectations: [{ match: { vmName: 'db-9' }, times: '2' }], wait: 3600 })
  await until(() => whole(emulator).journal.waiting === 1)
  await runCommand(emulator, script('ls'), { vmName: 'db-9' })
  await runCommand(emulator, script('ls'), { vmName: 'db-9' })
  t.same(await verified, { status: 200, body: { verified: 1 } })
})

t.test('invalid queries and expectations are refused with the field', async t => {
  const emulator = await build(t)
  const wrong = [
    await call(emulator, 'GET', '/requests?wait=3'),
    await call(emulator, 'GET', '/requests?count=0'),
    await call(emulator, 'GET', '/requests?sript=x'),
    await call(emulator, 'POST', '/verify', { expectations: [] }),
    await call(emulator, 'POST', '/verify', { expectations: [{ match: {} }, { match: {}, times: '3-2' }] }),
    await call(emulator, 'POST', '/verify', { expectations: [{ match: { vmname: 'x' } }] })
  ]
  t.same(wrong.map(({ status }) => status), wrong.map(() => 400))
  t.same(wrong.map(({ body }) => body.error.target),
    ['wait', 'count', 'sript', 'expectations', 'expectations[1].times', 'expectations[0].match.vmname'])
})

t.test('an expectation with a mistyped operation is refused, because its count would always be zero', async t => {
  const emulator = await build(t)
  const { status, body } = await call(emulator, 'POST', '/verify',
    { expectations: [{ match: { operation: 'VirtualMachines_RunComand' }, times: '0' }] })
  t.equal(status, 400)
  t.equal(body.error.message, "'expectations[0].match.operation' is not an operation that azrun serves: " +
    "'VirtualMachines_RunComand'; did you mean 'VirtualMachines_RunCommand'?")
})

t.test('the export is an HTTP Archive 1.2', async t => {
  const emulator = await emulatorWithRequests(t)
  const { body } = await call(emulator, 'GET', '/requests.har?vmName=db-1')
  t.match(body.log, { version: '1.2', creator: { name: 'azrun', version: /^\d/ } })
  t.equal(body.log.entries.length, 1)
  const [entry] = body.log.entries
  t.same(Object.keys(entry), ['startedDateTime', 'time', 'request', 'response', 'cache', 'timings', 'comment'])
  t.match(entry, {
    startedDateTime: '2024-03-01T00:00:00.000Z',
    time: 0,
    request: {
      method: 'POST',
      url: /^http:\/\/localhost(?::80)?\/subscriptions\//,
      httpVersion: 'HTTP/1.1',
      cookies: { length: 0 },
      queryString: [{ name: 'api-version', value: '2024-03-01' }],
      postData: { mimeType: 'application/json', text: JSON.stringify(script('df -h')) },
      headersSize: -1,
      bodySize: 49
    },
    response: { status: 200, statusText: 'OK', cookies: { length: 0 }, content: { mimeType: 'application/json; charset=utf-8', text: /value/ }, redirectURL: '' },
    cache: {},
    timings: { send: 0, wait: 0, receive: 0 },
    comment: /^#\d+ VirtualMachines_RunCommand$/
  })
  const { request, response } = entry
  t.strictSame(request.headers.filter(({ name }: { readonly name: string }) => name.toLowerCase() === 'content-type'),
    [{ name: 'content-type', value: 'application/json' }])
  t.strictSame(response.headers.filter(({ name }: { readonly name: string }) => name.toLowerCase() === 'content-length'),
    [{ name: 'Content-Length', value: `${response.content.size}` }])
  t.equal(entry.response.content.size, entry.response.content.text.length)
  await emulator.app.inject({ url: '/unknown', headers: { host: 'management.azure.com' } })
  t.match((await call(emulator, 'GET', '/requests.har')).body.log.entries.at(-1).comment, /^#\d+$/)
})
