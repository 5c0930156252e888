import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { VirtualClock, type EmulatorOptions, type RunningEmulator } from '../src/index.js'
import { version } from '../src/version.js'
import { AUTHORIZATION, runCommandUrl, start, SUBSCRIPTION } from './helper.js'
import { converse, exchange, type WireAnswer, type WireRequest } from './wire.js'

const GUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const CORRELATION = '5d424941-f944-4a5f-9b6a-0e285fa5f3ad'
const PROVIDER = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute`
const DOCUMENTS = `${PROVIDER}/locations/westus/runCommands?api-version=2024-03-01`
const MISSING = `${PROVIDER}/locations/westus/operations/${CORRELATION}?api-version=2024-03-01`
const GATEWAY_ERROR = `/subscriptions/${SUBSCRIPTION}?api-version=soon`

/** What the connection adds, which is Node's business. */
const OF_THE_CONNECTION = ['Connection', 'Keep-Alive', 'Transfer-Encoding']

/** As spelt and ordered in wire facts 2.1; both captures of `shared/recordings` lower-case the names. */
const ACCEPTED = [
  'Cache-Control', 'Pragma', 'Content-Length', 'Expires', 'Location', 'Azure-AsyncOperation', 'Server',
  'Strict-Transport-Security', 'X-Content-Type-Options', 'x-ms-ratelimit-remaining-resource',
  'x-ms-ratelimit-remaining-subscription-writes', 'x-ms-request-id', 'x-ms-correlation-request-id',
  'x-ms-routing-request-id', 'Date'
]

/** Wire facts 2.2: no Content-Length, which comes from the recorders, and no Retry-After. */
const STATUS = [
  'Cache-Control', 'Pragma', 'Content-Type', 'Expires', 'Vary', 'Server', 'Strict-Transport-Security',
  'X-Content-Type-Options', 'x-ms-ratelimit-remaining-resource', 'x-ms-ratelimit-remaining-subscription-reads',
  'x-ms-request-id', 'x-ms-correlation-request-id', 'x-ms-routing-request-id', 'Date'
]

t.test('spells the headers of a 202 as Azure does, in its order', async t => {
  const { post } = await begin(t, { pace: 'azure' })
  const { status, names, headers, body } = await post()
  t.equal(status, 202)
  t.strictSame(own(names), ACCEPTED)
  t.equal(body.length, 0)
  t.match(headers, {
    'cache-control': 'no-cache',
    pragma: 'no-cache',
    'content-length': '0',
    expires: '-1',
    server: `azrun/${version}`,
    'strict-transport-security': 'max-age=31536000; includeSubDomains',
    'x-content-type-options': 'nosniff',
    'x-ms-ratelimit-remaining-resource': /^Microsoft\.Compute\/UpdateVM3Min;\d+,Microsoft\.Compute\/UpdateVM30Min;\d+$/,
    'x-ms-ratelimit-remaining-subscription-writes': '1199'
  })
})

t.test('spells the headers of a status as Azure does, in its order', async t => {
  const { post, get } = await begin(t)
  const { headers: accepted } = await post()
  const { status, names, headers } = await get(accepted['azure-asyncoperation']!)
  t.equal(status, 200)
  t.strictSame(own(names), STATUS)
  t.match(headers, {
    'content-type': 'application/json; charset=utf-8',
    'transfer-encoding': 'chunked',
    vary: 'Accept-Encoding',
    'x-ms-ratelimit-remaining-resource': /^Microsoft\.Compute\/GetOperation3Min;\d+,Microsoft\.Compute\/GetOperation30Min;\d+$/,
    'x-ms-ratelimit-remaining-subscription-reads': '11999'
  })
})

t.test('repeats Location while there is no result, without Azure-AsyncOperation and without a body', async t => {
  // Recorded: java_canRunScriptOnVM, exchanges 2, 4 and 6.
  const { post, get } = await begin(t, { delay: 1000, pace: 'azure', clock: new VirtualClock() })
  const { headers: accepted } = await post()
  const { status, names, headers } = await get(accepted['location']!)
  t.equal(status, 202)
  t.equal(headers['location'], accepted['location'])
  t.strictSame(own(names), ACCEPTED.filter(name => name !== 'Azure-AsyncOperation')
    .map(name => name.replace('-writes', '-reads')))
})

t.test('spells the headers of a result as those of a status', async t => {
  const { post, get } = await begin(t)
  const { headers: accepted } = await post()
  const { status, names } = await get(accepted['location']!)
  t.equal(status, 200)
  t.strictSame(own(names), STATUS)
})

t.test('has the URLs of a 202 absolute, by the scheme and the Host of the request', async t => {
  const { emulator, post } = await begin(t)
  for (const [url, host, origin] of [
    [emulator.url, undefined, emulator.url],
    [emulator.httpUrl, undefined, emulator.httpUrl],
    [emulator.httpUrl, 'localhost', 'http://localhost'],
    [emulator.httpUrl, 'azrun.localhost:8080', 'http://azrun.localhost:8080'],
    [emulator.url, 'localhost:8443', 'https://localhost:8443'],
    [emulator.httpUrl, '[::1]:10900', 'http://[::1]:10900']
  ] as const) {
    const { headers } = await post({ url, headers: host === undefined ? {} : { Host: host } })
    const operation = `${origin}${PROVIDER}/locations/westus/operations/${headers['x-ms-request-id']}`
    t.equal(headers['location'], `${operation}?monitor=true&api-version=2024-03-01`)
    t.equal(headers['azure-asyncoperation'], `${operation}?api-version=2024-03-01`)
  }
})

t.test('has the id of the operation as that of the request on a 202, and one of its own on a poll', async t => {
  // Recorded: java_canRunScriptOnVM, exchanges 0 and 1; azure-powershell #8848.
  const { post, get } = await begin(t)
  const { headers: accepted } = await post()
  const id = accepted['x-ms-request-id']!
  t.match(id, GUID)
  t.ok(accepted['location']!.includes(`/operations/${id}?`))
  t.not(accepted['x-ms-correlation-request-id'], id)
  const { headers } = await get(accepted['azure-asyncoperation']!)
  t.match(headers['x-ms-request-id'], GUID)
  t.equal(new Set([id, headers['x-ms-request-id'], headers['x-ms-correlation-request-id']]).size, 3)
})

t.test('has the id of the operation as that of the request where the result is answered at once', async t => {
  const { post, get } = await begin(t, { respond: 'immediate' })
  const { status, headers } = await post()
  t.equal(status, 200)
  const { status: found } = await get(`${PROVIDER}/locations/westus/operations/${headers['x-ms-request-id']}?api-version=2024-03-01`)
  t.equal(found, 200)
})

t.test('names the second and the correlation in the routing id', async t => {
  // Recorded: java_canRunScriptOnVM; wire facts, section 5.
  const clock = new VirtualClock(new Date('2020-10-12T11:06:10.900Z'))
  const { get } = await begin(t, { clock })
  const { headers } = await get(DOCUMENTS)
  t.equal(headers['x-ms-routing-request-id'], `WESTUS:20201012T110610Z:${headers['x-ms-correlation-request-id']}`)
  t.equal(headers['date'], 'Mon, 12 Oct 2020 11:06:10 GMT')
  await clock.advance(100)
  const { headers: later } = await get(DOCUMENTS)
  t.equal(later['date'], 'Mon, 12 Oct 2020 11:06:11 GMT')
  t.match(later['x-ms-routing-request-id'], /^WESTUS:20201012T110611Z:/)
})

t.test('keeps the correlation id that the client sends, unless it is empty', async t => {
  // Inferred, wire facts section 5: terraform's logs show its own id coming back.
  const { get } = await begin(t)
  for (const url of [DOCUMENTS, MISSING, GATEWAY_ERROR]) {
    const { headers } = await get(url, { 'x-ms-correlation-request-id': CORRELATION })
    t.equal(headers['x-ms-correlation-request-id'], CORRELATION)
    t.match(headers['x-ms-routing-request-id'], new RegExp(`:${CORRELATION}$`))
  }
  const { headers } = await get(GATEWAY_ERROR, { 'x-ms-correlation-request-id': '' })
  t.match(headers['x-ms-correlation-request-id'], GUID)
  t.match(headers['x-ms-request-id'], GUID)
})

t.test('lets nobody begin a header of his own', async t => {
  // No port lets such a value in, but inject does, and what a client sends comes back in a head that is sent unchecked.
  const { emulator: { app } } = await begin(t)
  const { headers } = await app.inject({
    url: DOCUMENTS,
    headers: {
      ...AUTHORIZATION,
      'x-ms-correlation-request-id': 'a\r\nforged: 1',
      'x-ms-client-request-id': 'b\r\n\r\nforged\u{2603}: 1',
      'x-ms-return-client-request-id': 'true'
    }
  })
  t.equal(headers['x-ms-correlation-request-id'], 'aforged: 1')
  t.equal(headers['x-ms-client-request-id'], 'bforged: 1')
  t.notOk('forged' in headers)
})

t.test('returns the client request id only when it is asked to', async t => {
  // Documented: ARM's API guidelines; captures show clients that send the id alone and get none.
  const { get } = await begin(t)
  const sent = { 'x-ms-client-request-id': 'mine' }
  const asked = { ...sent, 'x-ms-return-client-request-id': 'true' }
  for (const url of [DOCUMENTS, MISSING, GATEWAY_ERROR]) {
    const silent = await get(url, sent)
    t.notOk('x-ms-client-request-id' in silent.headers)
    const declined = await get(url, { ...sent, 'x-ms-return-client-request-id': 'false' })
    t.notOk('x-ms-client-request-id' in declined.headers)
    const { headers } = await get(url, asked)
    t.equal(headers['x-ms-client-request-id'], 'mine')
    t.notOk('x-ms-return-client-request-id' in headers)
  }
  const { headers } = await get(DOCUMENTS, { 'x-ms-return-client-request-id': 'true' })
  t.notOk('x-ms-client-request-id' in headers)
})

t.test('marks errors of the gateway: one id, no Server, no quota', async t => {
  // Wire facts, section 3.
  const { get } = await begin(t)
  const { status, names, headers } = await get(GATEWAY_ERROR)
  t.equal(status, 400)
  t.strictSame(own(names), [
    'Cache-Control', 'Pragma', 'Content-Type', 'Expires', 'Vary', 'Strict-Transport-Security',
    'X-Content-Type-Options', 'x-ms-failure-cause', 'x-ms-request-id', 'x-ms-correlation-request-id',
    'x-ms-routing-request-id', 'Date', 'Content-Length'
  ])
  t.equal(headers['x-ms-failure-cause'], 'gateway')
  t.equal(headers['x-ms-request-id'], headers['x-ms-correlation-request-id'])
})

t.test('marks errors of the service: an id of its own, and Server', async t => {
  const { get } = await begin(t)
  const { status, headers } = await get(MISSING)
  t.equal(status, 404)
  t.match(headers, { 'x-ms-failure-cause': 'service', server: `azrun/${version}` })
  t.not(headers['x-ms-request-id'], headers['x-ms-correlation-request-id'])
})

t.test('compresses a body when it is asked to, and says on what that depends', async t => {
  const { post, get } = await begin(t)
  const plain = await get(DOCUMENTS)
  for (const [accepted, compressed] of [
    ['gzip, deflate', true], ['GZIP', true], ['br;q=1, gzip;q=0.1', true], ['x-gzip', true],
    ['identity', false], ['gzip;q=0', false], ['gzip; q=0.000 , br', false], ['gzipped', false], ['', false]
  ] as const) {
    const { headers, body } = await get(DOCUMENTS, { 'Accept-Encoding': accepted })
    t.equal(headers['content-encoding'], compressed ? 'gzip' : undefined, accepted)
    t.strictSame(compressed ? gunzipSync(body) : body, plain.body, accepted)
    t.equal(headers['vary'], 'Accept-Encoding')
  }
  const { headers } = await post({ headers: { 'Accept-Encoding': 'gzip' } })
  t.notOk('content-encoding' in headers || 'vary' in headers, 'no body, nothing to compress')
})

t.test('has the address that was reached in the URLs of a 202 where HTTP/1.0 brings no Host', async t => {
  const { emulator } = await begin(t)
  const body = '{"commandId":"RunShellScript"}'
  const answer = await converse(emulator, `POST ${runCommandUrl()} HTTP/1.0\r\nAuthorization: Bearer a-token\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  t.match(answer, new RegExp(`\\r\\nLocation: ${emulator.httpUrl}/subscriptions/`))
})

/** An emulator on a port, and what sends it a command or a GET. */
async function begin (t: Test, options: EmulatorOptions = {}): Promise<{
  emulator: RunningEmulator
  post (request?: WireRequest & { url?: string }): Promise<WireAnswer>
  get (url: string, headers?: Record<string, string>): Promise<WireAnswer>
}> {
  const emulator = await start(t, options)
  return {
    emulator,
    post: ({ url = emulator.httpUrl, headers } = {}) => exchange(emulator, `${url}${runCommandUrl()}`, {
      method: 'POST',
      headers: { ...AUTHORIZATION, 'Content-Type': 'application/json', ...headers },
      body: '{"commandId":"RunShellScript"}'
    }),
    get: (url, headers) =>
      exchange(emulator, new URL(url, emulator.httpUrl).href, { headers: { ...AUTHORIZATION, ...headers } })
  }
}

function own (names: readonly string[]): string[] {
  return names.filter(name => !OF_THE_CONNECTION.includes(name))
}
