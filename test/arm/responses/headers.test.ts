import { gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { VirtualClock, type EmulatorOptions, type RunningEmulator } from '../../../src/index.js'
import { version } from '../../../src/version.js'
import { AUTHORIZATION, runCommandUrl, start, SUBSCRIPTION } from '../../harness/emulator.js'
import { managedUrl } from '../../harness/managed.js'
import { converse, exchange, type WireAnswer, type WireRequest } from '../../harness/wire.js'

const GUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const CORRELATION = '5d424941-f944-4a5f-9b6a-0e285fa5f3ad'
const PROVIDER = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute`
const DOCUMENTS = `${PROVIDER}/locations/westus/runCommands?api-version=2024-03-01`
const MISSING = `${PROVIDER}/locations/westus/operations/${CORRELATION}?api-version=2024-03-01`
const GATEWAY_ERROR = `/subscriptions/${SUBSCRIPTION}?api-version=soon`

const GZIP = { 'Accept-Encoding': 'gzip' }

/** The headers that Node adds for the connection. */
const OF_THE_CONNECTION = ['Connection', 'Keep-Alive']

/** Api-versions with the current form and with older forms. */
const CURRENT = ['2022-11-01', '2023-03-01', '2024-03-01', '2024-11-01']
const OLDER = ['2017-03-30', '2020-12-01', '2021-11-01', '2022-08-01']

/**
 * In the spelling and order of net_managed_vm_windows_2021-11-01, except for the headers of a body, which .NET keeps
 * apart. Other recorders lower-case the names or change their order.
 */
const ACCEPTED = [
  'Cache-Control', 'Pragma', 'Content-Length', 'Expires', 'Location', 'Azure-AsyncOperation',
  'x-ms-ratelimit-remaining-resource', 'Strict-Transport-Security', 'x-ms-request-id', 'Server',
  'x-ms-ratelimit-remaining-subscription-writes', 'x-ms-correlation-request-id', 'x-ms-routing-request-id',
  'X-Content-Type-Options', 'Date'
]

/** As azure-cli #15878 logs those of a poll, without Content-Encoding. Recorded: no Retry-After. */
const STATUS = [
  'Cache-Control', 'Pragma', 'Transfer-Encoding', 'Content-Type', 'Expires', 'Vary', 'x-ms-ratelimit-remaining-resource',
  'Strict-Transport-Security', 'x-ms-request-id', 'Server', 'x-ms-ratelimit-remaining-subscription-reads',
  'x-ms-correlation-request-id', 'x-ms-routing-request-id', 'X-Content-Type-Options', 'Date'
]

/** With a length instead of chunks, at the place where azure-cli #15765 and #32564 have it. */
const WITH_LENGTH = STATUS.flatMap(name => name === 'Transfer-Encoding' ? ['Content-Length'] : name === 'Vary' ? [] : [name])

/** Which names replace an older one in the current form. */
const ADDED: Readonly<Record<string, readonly string[]>> = {
  Date: ['X-Cache', 'X-MSEdge-Ref', 'Date'],
  'x-ms-ratelimit-remaining-subscription-writes':
    ['x-ms-ratelimit-remaining-subscription-writes', 'x-ms-ratelimit-remaining-subscription-global-writes'],
  'x-ms-ratelimit-remaining-subscription-reads':
    ['x-ms-ratelimit-remaining-subscription-reads', 'x-ms-ratelimit-remaining-subscription-global-reads'],
  'Azure-AsyncOperation': ['Azure-AsyncOperation', 'Azure-AsyncNotification'],
  Server: [],
  Vary: []
}

/** The names of an older response in the current form (recorded: azcli_action_vm_2024-07-01; azure-cli #31910). */
function current (names: readonly string[]): string[] {
  return names.flatMap(name => ADDED[name] ?? [name])
}

t.test("a 202 has Azure's older headers in their spelling and order", async t => {
  const { post } = await begin(t, { pace: 'azure' })
  for (const apiVersion of OLDER) {
    const { status, names, headers, body } = await post({ apiVersion })
    t.equal(status, 202)
    t.strictSame(own(names), ACCEPTED, apiVersion)
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
  }
})

t.test("a 202 has Azure's current headers in their spelling and order", async t => {
  // Recorded: azcli_action_vm_2024-07-01, exchange 0.
  const { post } = await begin(t, { pace: 'azure', clock: new VirtualClock(new Date('2024-08-26T09:03:31.9Z')) })
  for (const apiVersion of CURRENT) {
    const { names, headers } = await post({ apiVersion })
    t.strictSame(own(names), current(ACCEPTED), apiVersion)
    t.match(headers, {
      'azure-asyncnotification': 'Enabled',
      'content-length': '0',
      'x-cache': 'CONFIG_NOCACHE',
      'x-ms-ratelimit-remaining-resource': 'Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11',
      'x-ms-ratelimit-remaining-subscription-global-writes': '2999',
      'x-ms-ratelimit-remaining-subscription-writes': '199',
      'x-msedge-ref': /^Ref A: [\dA-F]{32} Ref B: [A-Z]{3}\d{12} Ref C: 2024-08-26T09:03:31Z$/
    })
  }
})

t.test('a request without a subscription shows a quota of the tenant', async t => {
  const { emulator, get } = await begin(t)
  const remaining = ({ headers }: WireAnswer) => Object.fromEntries(Object.entries(headers)
    .filter(([name]) => /remaining-(subscription|tenant)/.test(name)))
  // Recorded: azure-powershell #20413, azure-sdk-for-js's recordings of 2021.
  for (const path of ['/tenants', '/subscriptions']) {
    t.strictSame(remaining(await get(`${path}?api-version=2022-01-01`)), { 'x-ms-ratelimit-remaining-tenant-reads': '11999' })
    t.strictSame(remaining(await get(`${path}?api-version=2022-12-01`)), { 'x-ms-ratelimit-remaining-tenant-reads': '249' })
  }
  // Recorded: azure-cli-extensions' test_query.
  const query = await exchange(emulator, `${emulator.url}/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01`, {
    method: 'POST', headers: { ...AUTHORIZATION, 'content-type': 'application/json' }, body: '{"query":"resources"}'
  })
  t.strictSame(remaining(query), { 'x-ms-ratelimit-remaining-tenant-resource-requests': '14' })
})

t.test('each response has its own X-MSEdge-Ref', async t => {
  const { get } = await begin(t)
  const references = await Promise.all(Array.from({ length: 20 }, async () => (await get(DOCUMENTS)).headers['x-msedge-ref']))
  t.equal(new Set(references).size, 20)
})

t.test("a status has Azure's older headers in their spelling and order", async t => {
  const { post, get } = await begin(t)
  for (const apiVersion of OLDER) {
    const { headers: accepted } = await post({ apiVersion })
    const { status, names, headers } = await get(accepted['azure-asyncoperation']!, GZIP)
    t.equal(status, 200)
    t.strictSame(own(names), STATUS.flatMap(name => name === 'Content-Type' ? [name, 'Content-Encoding'] : [name]))
    t.match(headers, {
      'content-type': 'application/json; charset=utf-8',
      'transfer-encoding': 'chunked',
      vary: 'Accept-Encoding',
      'x-ms-ratelimit-remaining-resource': /^Microsoft\.Compute\/GetOperation3Min;\d+,Microsoft\.Compute\/GetOperation30Min;\d+$/,
      'x-ms-ratelimit-remaining-subscription-reads': '11999'
    })
  }
})

t.test("a status has Azure's current headers in their spelling and order", async t => {
  // Recorded: azcli_action_vm_2024-07-01, exchange 1; the remaining reads: a public log of May 2025.
  const { post, get } = await begin(t)
  for (const apiVersion of CURRENT) {
    const { headers: accepted } = await post({ apiVersion })
    for (const encoding of [{}, GZIP]) {
      const { status, names, headers } = await get(accepted['azure-asyncoperation']!, encoding)
      t.equal(status, 200)
      t.strictSame(own(names), current(WITH_LENGTH))
      t.notOk('transfer-encoding' in headers || 'vary' in headers || 'server' in headers)
      t.match(headers, {
        'content-type': 'application/json; charset=utf-8',
        'x-ms-ratelimit-remaining-resource': 'Microsoft.Compute/GetOperationResource;44,Microsoft.Compute/GetOperationSubscriptionMaximum;14999',
        'x-ms-ratelimit-remaining-subscription-reads': '249',
        'x-ms-ratelimit-remaining-subscription-global-reads': '3749'
      })
    }
  }
})

t.test('without Accept-Encoding a response has Content-Length and no Vary', async t => {
  // Recorded: ps_*, which send no Accept-Encoding.
  const { post, get } = await begin(t)
  const { headers: accepted } = await post({ apiVersion: '2020-12-01' })
  for (const url of [accepted['azure-asyncoperation']!, accepted['location']!, DOCUMENTS.replace('2024-03-01', '2020-12-01')]) {
    const { headers, names, body } = await get(url)
    t.equal(headers['content-length'], `${body.length}`)
    t.strictSame(own(names), WITH_LENGTH)
    t.notOk('transfer-encoding' in headers)
  }
})

t.test("a read has Azure's older or current quotas of its resource", async t => {
  const { get } = await begin(t, { virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' }] })
  const vm = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines`
  for (const [path, older, current] of [
    [`${vm}/vm`, 'LowCostGet3Min;3999,LowCostGet30Min;31999', 'LowCostGetSubscriptionMaximum;23999,LowCostGetResource;35'],
    [vm, 'HighCostGet3Min;139,HighCostGet30Min;698', 'HighCostGetSubscriptionMaximum;899'],
    [`${PROVIDER}/virtualMachines`, 'HighCostGet3Min;139,HighCostGet30Min;698', 'HighCostGetSubscriptionMaximum;899'],
    [`${PROVIDER}/locations/westus/runCommands`, 'GetSubscriptionInfo3Min;419', 'GetSubscriptionInfo3Min;359']
  ] as const) {
    for (const [apiVersion, quotas] of [['2020-12-01', older], ['2024-07-01', current]] as const) {
      const { headers } = await get(`${path}?api-version=${apiVersion}`)
      const expected = quotas.split(',').map(quota => `Microsoft.Compute/${quota}`).join(',')
      t.equal(headers['x-ms-ratelimit-remaining-resource'], expected, `${path} ${apiVersion}`)
    }
  }
})

t.test("Resource Manager's own responses have the current form from api-version 2022-09-01 on", async t => {
  // Recorded: azcli_managed_vm_2024-07-01, exchange 0.
  const { get } = await begin(t)
  for (const [apiVersion, isCurrent] of [['2021-04-01', false], ['2022-09-01', true]] as const) {
    const { headers } = await get(`/subscriptions/${SUBSCRIPTION}/resourceGroups/rg?api-version=${apiVersion}`, GZIP)
    t.equal('x-cache' in headers, isCurrent)
    t.equal('vary' in headers, !isCurrent)
    t.equal(headers['x-ms-ratelimit-remaining-subscription-global-reads'], isCurrent ? '3749' : undefined)
    t.notOk('server' in headers || 'x-ms-ratelimit-remaining-resource' in headers)
  }
})

t.test('a poll of Location in progress repeats it, without Azure-AsyncOperation', async t => {
  // Recorded: java_canRunScriptOnVM, exchanges 2, 4 and 6.
  const clock = new VirtualClock()
  const { post, get } = await begin(t, { delay: 1000, pace: 'azure', clock })
  for (const apiVersion of ['2020-12-01', '2024-03-01']) {
    const { headers: accepted } = await post({ apiVersion })
    await clock.advance(500)
    const { status, names, headers } = await get(accepted['location']!)
    t.equal(status, 202)
    t.equal(headers['location'], accepted['location'])
    const expected = ACCEPTED.filter(name => name !== 'Azure-AsyncOperation').map(name => name.replace('-writes', '-reads'))
    t.strictSame(own(names), apiVersion === '2024-03-01' ? current(expected) : expected)
    await clock.advance(500)
  }
})

t.test('a result has the headers of a status', async t => {
  const { post, get } = await begin(t)
  const older = await get((await post({ apiVersion: '2020-12-01' })).headers['location']!, { 'Accept-Encoding': 'identity' })
  t.equal(older.status, 200)
  t.strictSame(own(older.names), STATUS)
  const newer = await get((await post()).headers['location']!)
  t.equal(newer.status, 200)
  t.strictSame(own(newer.names), current(WITH_LENGTH))
})

t.test('the URLs of a 202 have the scheme and the Host of the request', async t => {
  const { emulator, post } = await begin(t)
  for (const [url, host, origin] of [
    [emulator.url, undefined, emulator.url],
    [emulator.httpUrl, undefined, emulator.httpUrl],
    [emulator.httpUrl, 'localhost', 'http://localhost'],
    [emulator.httpUrl, 'azrun.localhost:8080', 'http://azrun.localhost:8080'],
    [emulator.url, 'localhost:8443', 'https://localhost:8443'],
    [emulator.httpUrl, '[::1]:10900', 'http://[::1]:10900']
  ] as const) {
    const { headers } = await post({ url, apiVersion: '2020-12-01', headers: host === undefined ? {} : { Host: host } })
    const operation = `${origin}${PROVIDER}/locations/westus/operations/${headers['x-ms-request-id']}`
    t.equal(headers['location'], `${operation}?monitor=true&api-version=2020-12-01`)
    t.equal(headers['azure-asyncoperation'], `${operation}?api-version=2020-12-01`)
  }
})

t.test('the request id of a 202 is the id of its operation, and a poll has another one', async t => {
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

t.test('the request id of an immediate result is the id of its operation', async t => {
  const { post, get } = await begin(t, { respond: 'immediate', operationUrls: 'plain' })
  const { status, headers } = await post()
  t.equal(status, 200)
  const { status: found } = await get(`${PROVIDER}/locations/westus/operations/${headers['x-ms-request-id']}?api-version=2024-03-01`)
  t.equal(found, 200)
})

t.test('the routing id has the time in seconds and the correlation id', async t => {
  // Recorded: java_canRunScriptOnVM.
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

t.test("a response returns the client's correlation id, unless it is empty", async t => {
  // Inferred: terraform's logs show that its own id is returned.
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

t.test('an id with a line break cannot forge a header', async t => {
  // Node refuses such a value on a port, but inject accepts it, and azrun sends the head without another check.
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

t.test('a response returns the client request id only if the request asks for it', async t => {
  // Documented: ARM's API guidelines. Recorded: clients that send only the id do not get it back.
  const { get } = await begin(t)
  const sent = { 'x-ms-client-request-id': 'mine' }
  const requested = { ...sent, 'x-ms-return-client-request-id': 'true' }
  for (const url of [DOCUMENTS, MISSING, GATEWAY_ERROR]) {
    const unrequested = await get(url, sent)
    t.notOk('x-ms-client-request-id' in unrequested.headers)
    const declined = await get(url, { ...sent, 'x-ms-return-client-request-id': 'false' })
    t.notOk('x-ms-client-request-id' in declined.headers)
    const { headers } = await get(url, requested)
    t.equal(headers['x-ms-client-request-id'], 'mine')
    t.notOk('x-ms-return-client-request-id' in headers)
  }
  const { headers } = await get(DOCUMENTS, { 'x-ms-return-client-request-id': 'true' })
  t.notOk('x-ms-client-request-id' in headers)
})

t.test('an error of the gateway has a single id, and neither Server nor quotas', async t => {
  // Recorded. The headers have the order of a 204 (net_managed_vm_windows_2021-11-01, exchange 0).
  const { get } = await begin(t)
  const expected = [
    'Cache-Control', 'Pragma', 'Content-Length', 'Content-Type', 'Expires', 'x-ms-failure-cause', 'x-ms-request-id',
    'x-ms-correlation-request-id', 'x-ms-routing-request-id', 'Strict-Transport-Security', 'X-Content-Type-Options', 'Date'
  ]
  const older = await get(GATEWAY_ERROR.replace('soon', '2018-13-01'), GZIP)
  t.strictSame(own(older.names), expected)
  const { status, names, headers } = await get(GATEWAY_ERROR)
  t.equal(status, 400)
  t.strictSame(own(names), current(expected))
  t.equal(headers['x-ms-failure-cause'], 'gateway')
  t.equal(headers['x-ms-request-id'], headers['x-ms-correlation-request-id'])
})

t.test('an error of Compute has the headers of a success', async t => {
  // Recorded, in this order: azure-cli #15765; the same names: java_canForceDeleteVirtualMachine.
  const { post, get } = await begin(t)
  for (const [apiVersion, accepted, status] of [
    ['2020-12-01', ACCEPTED, WITH_LENGTH],
    ['2024-03-01', current(ACCEPTED), current(WITH_LENGTH)]
  ] as const) {
    const missing = await get(MISSING.replace('2024-03-01', apiVersion))
    t.equal(missing.status, 404)
    t.strictSame(own(missing.names), status, apiVersion)
    t.not(missing.headers['x-ms-request-id'], missing.headers['x-ms-correlation-request-id'])
    t.match(missing.headers['x-ms-ratelimit-remaining-resource'], /GetOperation/)
    const refused = await post({ apiVersion, body: '{"commandId":"NoSuchCommand"}' })
    t.equal(refused.status, 404)
    const links = ['Location', 'Azure-AsyncOperation', 'Azure-AsyncNotification']
    t.strictSame(own(refused.names), accepted.flatMap(name => name === 'Expires' ? ['Content-Type', name] : name)
      .filter(name => !links.includes(name)), apiVersion)
    t.match(refused.headers['x-ms-ratelimit-remaining-resource'], /UpdateVM/)
  }
})

t.test('an older response is compressed if Accept-Encoding allows it, and has Vary', async t => {
  const { post, get } = await begin(t)
  const documents = DOCUMENTS.replace('2024-03-01', '2020-12-01')
  const plain = await get(documents)
  for (const [accepted, compressed] of [
    ['gzip, deflate', true], ['GZIP', true], ['br;q=1, gzip;q=0.1', true], ['x-gzip', true],
    ['identity', false], ['gzip;q=0', false], ['gzip; q=0.000 , br', false], ['gzipped', false], ['', false]
  ] as const) {
    const { headers, body } = await get(documents, { 'Accept-Encoding': accepted })
    t.equal(headers['content-encoding'], compressed ? 'gzip' : undefined, accepted)
    t.strictSame(compressed ? gunzipSync(body) : body, plain.body, accepted)
    t.equal(headers['vary'], 'Accept-Encoding')
  }
  const { headers } = await post({ headers: GZIP, apiVersion: '2020-12-01' })
  t.notOk('content-encoding' in headers || 'vary' in headers, 'a 202 has no body to compress')
})

t.test('a current response is not compressed', async t => {
  // Recorded with Accept-Encoding: gzip: azure-cli #32564, a machine of 2722 bytes; #32305, a list of 12.
  const { get } = await begin(t)
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg?api-version=2022-09-01`
  for (const url of [DOCUMENTS, group]) {
    const { headers, body } = await get(url, GZIP)
    t.notOk('content-encoding' in headers || 'vary' in headers, url)
    t.equal(headers['content-length'], `${body.length}`)
  }
})

t.test('only a 200 is compressed, and only a 200 has Vary', async t => {
  // Recorded with Accept-Encoding: gzip: a 404 of azcli_vmss_simulate_eviction, with the length of its body; the 409 of
  // azure-cli #15765; a PUT of azcli_disk_encryption_set.
  const { put, get } = await begin(t)
  const responses = [
    await get(MISSING.replace('2024-03-01', '2020-12-01'), GZIP),
    await get(GATEWAY_ERROR.replace('soon', '2018-13-01'), GZIP),
    await put('cmd', '2021-11-01', GZIP)
  ]
  t.strictSame(responses.map(({ status }) => status), [404, 400, 201])
  for (const { status, headers, body } of responses) {
    t.notOk('content-encoding' in headers || 'vary' in headers || 'transfer-encoding' in headers, `${status}`)
    t.equal(headers['content-length'], `${body.length}`, `${status}`)
  }
})

t.test("without Host the URLs of a 202 have the connection's address", async t => {
  const { emulator } = await begin(t)
  const body = '{"commandId":"RunShellScript"}'
  const response = await converse(emulator, `POST ${runCommandUrl()} HTTP/1.0\r\nAuthorization: Bearer a-token\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  t.match(response, new RegExp(`\\r\\nLocation: ${emulator.httpUrl}/subscriptions/`))
})

/** An emulator on a port, and functions that send it a run command, a GET, or a managed run command. */
async function begin (t: Test, options: EmulatorOptions = {}): Promise<{
  emulator: RunningEmulator
  post (request?: WireRequest & { url?: string, apiVersion?: string }): Promise<WireAnswer>
  get (url: string, headers?: Record<string, string>): Promise<WireAnswer>
  put (name: string, apiVersion: string, headers?: Record<string, string>): Promise<WireAnswer>
}> {
  const emulator = await start(t, options)
  return {
    emulator,
    post: ({ url = emulator.httpUrl, headers, body = '{"commandId":"RunShellScript"}', ...target } = {}) => exchange(emulator, `${url}${runCommandUrl(target)}`, {
      method: 'POST',
      headers: { ...AUTHORIZATION, 'Content-Type': 'application/json', ...headers },
      body
    }),
    get: (url, headers) =>
      exchange(emulator, new URL(url, emulator.httpUrl).href, { headers: { ...AUTHORIZATION, ...headers } }),
    put: (name, apiVersion, headers) => exchange(emulator, `${emulator.httpUrl}${managedUrl({ name, apiVersion })}`, {
      method: 'PUT',
      headers: { ...AUTHORIZATION, 'Content-Type': 'application/json', ...headers },
      body: '{"location":"westus","properties":{"source":{"script":"id"}}}'
    })
  }
}

/** The names without those that the connection adds. */
function own (names: readonly string[]): string[] {
  return names.filter(name => !OF_THE_CONNECTION.includes(name))
}
