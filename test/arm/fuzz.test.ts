import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import t from 'tap'
import { Client } from 'undici'
import { AUTHORIZATION, runCommandUrl, start, SUBSCRIPTION } from '../harness/emulator.js'

const COMPUTE = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus`
const URLS = [
  runCommandUrl(),
  '/subscriptions?api-version=2022-12-01',
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg?api-version=2022-12-01`,
  `${COMPUTE}/runCommands/RunShellScript?api-version=2024-03-01`,
  `${COMPUTE}/operations/00000000-0000-0000-0000-000000000000?monitor=true&api-version=2024-03-01`,
  '/_emulator/health',
  '/_emulator/docs/static/index.css'
]
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** Text that a request line can contain: no spaces and no control characters. */
const urlText = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map(code => String.fromCharCode(code)) })
const headerText = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).filter(code => code !== 0x7f).map(code => String.fromCharCode(code))
})

/** A known URL, unchanged or with a part replaced, or any text. */
const url = fc.oneof(
  fc.constantFrom(...URLS),
  fc.tuple(fc.constantFrom(...URLS), fc.nat(200), fc.nat(40), urlText).map(([known, from, length, text]) =>
    known.slice(0, 1 + from % known.length) + text + known.slice(1 + from % known.length + length)),
  urlText.map(text => `/${text}`)
)

const validBody = { commandId: 'RunShellScript', script: ['echo hi'], parameters: [{ name: 'arg1', value: 'x' }] }
const body = fc.oneof(
  fc.json(),
  fc.object().map(extra => JSON.stringify({ ...validBody, ...extra })),
  fc.record({ commandId: fc.jsonValue(), script: fc.jsonValue(), parameters: fc.jsonValue() }, { requiredKeys: [] })
    .map(each => JSON.stringify(each)),
  fc.tuple(fc.nat(100), fc.string()).map(([at, text]) => {
    const valid = JSON.stringify(validBody)
    return valid.slice(0, at % valid.length) + text + valid.slice(at % valid.length)
  }),
  fc.string()
)

const headers = fc.record({
  authorization: fc.oneof(fc.constant(AUTHORIZATION.authorization), headerText),
  'content-type': fc.oneof(fc.constantFrom('application/json', 'text/json; charset=utf-8', 'text/plain'), headerText),
  'accept-encoding': fc.oneof(fc.constant('gzip'), headerText),
  prefer: fc.oneof(fc.constantFrom('respond-async', 'wait=1', 'wait=99999999999999999999'), headerText),
  'x-ms-correlation-request-id': headerText,
  'x-ms-client-request-id': headerText,
  'x-ms-return-client-request-id': fc.constantFrom('true', 'false'),
  origin: headerText
}, { requiredKeys: ['authorization', 'content-type'] })

t.test('responds to any request within five seconds, and never with a 5xx', async t => {
  const { httpUrl } = await start(t)
  const client = new Client(httpUrl, { headersTimeout: 5_000, bodyTimeout: 5_000 })
  t.teardown(() => client.destroy())

  const method = fc.constantFrom(...METHODS)
  await fc.assert(fc.asyncProperty(method, url, headers, body, async (method, path, headers, body) => {
    const withBody = method === 'GET' || method === 'HEAD' ? null : body
    const response = await client.request({ method: method as 'GET', path, headers, body: withBody })
    const bytes = Buffer.from(await response.body.arrayBuffer())
    const text = `${bytes.length > 0 && response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes}`
    if (response.statusCode >= 500) throw new Error(`${response.statusCode} ${text}`)
    if (response.statusCode >= 400 && method !== 'HEAD') {
      const { error } = JSON.parse(text)
      if (typeof error.code !== 'string' || typeof error.message !== 'string') throw new Error(text)
      if (/FST_|\bat .*\.[jt]s:\d+/.test(text)) throw new Error(`not Azure's format: ${text}`)
    }
  }), { numRuns: 1_500 })

  const after = await client.request({ method: 'GET', path: '/_emulator/health' })
  t.equal(after.statusCode, 200, 'azrun still responds afterwards')
  await after.body.dump()
})
