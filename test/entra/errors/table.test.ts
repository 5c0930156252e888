import fc from 'fast-check'
import t from 'tap'
import type { ErrorEntry } from '../../../src/entra/errors/entry.js'
import { errors } from '../../../src/entra/errors/table.js'
import { readDocument, routesOf } from '../../../src/http/openapi.js'
import { VirtualClock } from '../../../src/time/virtual-clock.js'
import { build } from '../../harness/emulator.js'
import { buildEntra, CLIENT, post, TENANT } from '../../harness/entra-app.js'

const V2 = `/${TENANT}/oauth2/v2.0/token`
const SECRET = { grant_type: 'client_credentials', client_id: CLIENT, client_secret: 's', scope: 'https://x/.default' }
const FORM = 'application/x-www-form-urlencoded'

t.test("returns an error in OAuth's form, as Entra writes it", async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const id = '48bc2ed3-5425-47ae-bec5-46115860868b'
  const response = await post(app, `${V2}?client-request-id=${id}`, { client_id: CLIENT })
  t.equal(response.statusCode, 400)
  const { trace_id: traceId, ...body } = response.json()
  // Recorded: azure-docs #43780; since 2024 without line breaks: azure-workload-identity #1232.
  t.strictSame(body, {
    error: 'invalid_request',
    error_description: "AADSTS900144: The request body must contain the following parameter: 'grant_type'. " +
      `Trace ID: ${traceId} Correlation ID: ${id} Timestamp: 2024-03-01 00:00:00Z`,
    error_codes: [900144],
    timestamp: '2024-03-01 00:00:00Z',
    correlation_id: id,
    error_uri: 'https://login.microsoftonline.com/error?code=900144'
  })
  t.equal(response.headers['x-ms-request-id'], traceId)
})

t.test('names the error at the requested host, if it is one of Entra', async t => {
  const { app } = await buildEntra(t)
  for (const [host, named] of [
    ['login.microsoftonline.us', 'login.microsoftonline.us'], ['127.0.0.1:10900', 'login.microsoftonline.com']
  ] as const) {
    const { error_uri: uri } = (await app.inject({ method: 'POST', url: V2, headers: { host, 'content-type': FORM }, payload: '' })).json()
    t.equal(uri, `https://${named}/error?code=900144`)
  }
})

t.test('refuses a token request that lacks a parameter or has an unsupported one', async t => {
  const app = await buildEntra(t)
  const { client_secret: secret, scope, ...bare } = SECRET
  const user = { grant_type: 'password', client_id: CLIENT, username: 'ann@contoso.com', password: 'p' }
  for (const [form, status, code, name] of [
    [{}, 400, 900144, 'grant_type'],
    [{ ...SECRET, grant_type: '' }, 400, 900144, 'grant_type'],
    [{ ...SECRET, client_id: '' }, 400, 900144, 'client_id'],
    [{ ...bare, client_secret: secret }, 400, 900144, 'scope'],
    [{ ...bare, scope }, 401, 7000218, 'client_secret'],
    [{ ...SECRET, grant_type: 'authorization_code' }, 400, 70003, 'authorization_code'],
    [{ ...SECRET, grant_type: '__proto__' }, 400, 70003, '__proto__'],
    [{ ...SECRET, scope: 'https://x' }, 400, 1002012, 'https://x'],
    [{ ...SECRET, scope: 'https://x/User.Read' }, 400, 1002012, 'User.Read'],
    [{ ...SECRET, scope: '/.default' }, 400, 1002012, '/.default'],
    [{ ...SECRET, scope: 'https://x/.default https://y/.default' }, 400, 28000, 'https://y'],
    [{ ...user, username: '' }, 400, 900144, 'username'],
    [{ ...user, password: '' }, 400, 900144, 'password'],
    [{ ...user, scope: 'https://x/a https://y/b' }, 400, 28000, 'https://y'],
    [{ ...user, grant_type: 'refresh_token' }, 400, 900144, 'refresh_token'],
    [{ ...user, grant_type: 'device_code' }, 400, 900144, 'device_code']
  ] as const) {
    const response = await post(app, V2, form as Record<string, string>)
    t.equal(response.statusCode, status, `${code} ${name}`)
    t.strictSame(response.json().error_codes, [code], `${code} ${name}`)
    t.ok(response.json().error_description.includes(name), `${code} ${name}: ${response.json().error_description}`)
  }
})

t.test('refuses a duplicate parameter, a body that is not a form, and a body that is too large', async t => {
  const app = await buildEntra(t)
  const send = async (payload: string, type = FORM) =>
    await app.app.inject({ method: 'POST', url: V2, headers: { 'content-type': type }, payload })
  t.match((await send('grant_type=password&grant_type=password')).json(), { error_codes: [9000411] })
  for (const type of ['application/json', 'text/plain']) {
    const response = await send(JSON.stringify(SECRET), type)
    t.equal(response.statusCode, 400, type)
    t.match(response.json(), { error_codes: [900144] }, type)
  }
  t.match((await send('', 'a/b/c')).json(), { error: 'invalid_request', error_codes: { length: 0 } })
  const large = await send(`grant_type=${'x'.repeat(300_000)}`)
  t.equal(large.statusCode, 413)
  t.match(large.json(), { error: 'invalid_request', error_codes: { length: 0 } })
  const long = await send(`grant_type=${'x'.repeat(200_000)}`)
  t.match(long.json(), { error_codes: [70003] })
  t.ok(long.body.length < 2000)
})

t.test('responds to an unsupported method with its own error', async t => {
  const { app } = await build(t)
  const response = await app.inject(V2)
  t.equal(response.statusCode, 400)
  const text = /^AADSTS900561: The endpoint only accepts POST requests. Received a GET request\./
  t.match(response.json(), { error_description: text })
  for (const url of ['/v1.0/me', '/V1.0/ME/', '/v1.0/me?$select=id']) {
    const { headers, body } = await app.inject({ method: 'DELETE', url })
    t.equal(headers['cache-control'], 'no-store, no-cache')
    t.match(JSON.parse(body), { error: { code: 'invalid_request' } }, url)
  }
})

t.test('returns an internal error in the same form', async t => {
  const app = await buildEntra(t)
  app.tokens.issue = async () => { throw new Error('this is broken') }
  const response = await post(app, V2, SECRET)
  t.equal(response.statusCode, 500)
  t.match(response.json(), { error: 'server_error', error_description: /this is broken/ })
})

t.test('is part of the emulator, and returns the refusals of the guard in its own form', async t => {
  const { app } = await build(t)
  const url = `/${TENANT}/oauth2/v2.0/token/`
  const headers = { 'content-type': FORM }
  const payload = new URLSearchParams(SECRET).toString()
  t.equal((await app.inject({ method: 'POST', url, headers, payload })).statusCode, 200)
  const refused = await app.inject({ method: 'POST', url, headers: { ...headers, origin: 'https://example.com' }, payload })
  t.equal(refused.statusCode, 403)
  t.match(refused.json(), { error: 'access_denied', error_description: /Origin/ })
})

t.test('responds to no request with an internal error', async t => {
  const { app } = await buildEntra(t, { arcKeyDirectory: t.testdir() })
  const paths = routesOf(readDocument('entra.json')).map(({ path }) => path)
  const odd = fc.oneof(fc.string(), fc.constantFrom('common', 'adfs', TENANT, '__proto__', '%00', 'ann@contoso.com',
    '2018-02-01', '2020-06-01', 'true'))
  const names = fc.constantFrom('grant_type', 'client_id', 'client_secret', 'client_assertion', 'scope', 'resource', 'refresh_token',
    'device_code', 'username', 'password', 'api-version', 'authorization_endpoint', '$filter', 'client_info')
  const values = fc.oneof(odd, fc.constantFrom('client_credentials', 'password', 'refresh_token', 'device_code', 'https://x/.default',
    'a.b.c', 'eyJhbGciOiJSUzI1NiJ9.e30.AA', 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOjF9.AA', 'https://login.microsoftonline.com/x/'))
  const parameters = fc.array(fc.tuple(names, values), { maxLength: 8 })
  const anyPath = fc.constantFrom(...paths)
  const request = fc.tuple(anyPath, odd, parameters, parameters)
  await t.resolves(fc.assert(fc.asyncProperty(request, async ([path, segment, query, form]) => {
    const url = `${path.replaceAll(/\{\w+\}/g, encodeURIComponent(segment))}?${new URLSearchParams(query)}`
    for (const method of ['GET', 'POST'] as const) {
      const authorization = `Bearer ${segment.replaceAll(/[^\x20-\x7e]/g, '')}`
      const response = await app.inject({
        method,
        url,
        headers: { metadata: 'true', 'x-identity-header': 'x', authorization, 'content-type': FORM },
        ...method === 'POST' && { payload: `${new URLSearchParams(form)}` }
      })
      if (response.statusCode >= 500 || response.body.includes('FST_')) {
        throw new Error(`${method} ${url}: ${response.statusCode} ${response.body}`)
      }
    }
  }), { numRuns: 400 }))
})

t.test('gives each error a unique number and a status from 400 to 599', async t => {
  const entries = Object.values<ErrorEntry>(errors)
  const codes = entries.flatMap(({ code }) => code ?? [])
  t.strictSame(codes, [...new Set(codes)])
  t.ok(entries.every(({ status }) => status >= 400 && status < 600))
})
