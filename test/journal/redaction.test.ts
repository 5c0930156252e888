import t, { type Test } from 'tap'
import { redactedJson, redactedParameters, redactedTokens, redactedUrl } from '../../src/journal/redaction.js'
import { build, runCommandUrl } from '../harness/emulator.js'

/** A secret that no entry may contain. */
const SECRET = 'S3CRET'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const TOKEN = '/organizations/oauth2/v2.0/token'
const APP = { client_id: '5a1c3e0b-7e2f-4c55-9d57-2f6f9d0c1a11', scope: 'https://management.azure.com/.default' }

async function caller (t: Test) {
  const emulator = await build(t)
  return {
    send: async (method: 'GET' | 'POST', url: string, headers: Record<string, string>, form?: Record<string, string>) => {
      const payload = form && `${new URLSearchParams(form)}`
      const all = { ...form && FORM, ...headers }
      const response = await emulator.app.inject({ method, url, headers: all, ...payload !== undefined && { payload } })
      return `${response.headers['content-type']}`.includes('json') ? response.json() : {}
    },
    entries: () => emulator.journal.list().value.map(entry => JSON.stringify(entry))
  }
}

t.test('no entry has a secret or a token, whatever the login', async t => {
  const { send, entries } = await caller(t)
  const login = (form: Record<string, string>, url = TOKEN) => send('POST', url, {}, { ...APP, ...form })
  const v1 = '/organizations/oauth2/token'
  const issued = [
    await login({ grant_type: 'client_credentials', client_secret: SECRET }),
    await login({ grant_type: 'client_credentials', client_secret: SECRET, resource: 'https://management.azure.com/' }, v1),
    await login({ grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: SECRET }),
    await login({ grant_type: 'password', username: 'me', password: SECRET }),
    await login({ grant_type: 'refresh_token', refresh_token: SECRET }),
    await send('POST', TOKEN, { authorization: `Basic ${SECRET}` }, { grant_type: 'client_credentials' }),
    await send('GET', '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/', { metadata: 'true', host: '169.254.169.254' }),
    await send('GET', '/msi/token?api-version=2019-08-01&resource=https://management.azure.com/', { 'X-IDENTITY-HEADER': SECRET }),
    await send('GET', '/msi/token?api-version=2017-09-01&resource=https://management.azure.com/', { Secret: SECRET }),
    await send('POST', '/msi/token', { metadata: 'true' }, { resource: 'https://management.azure.com/' })
  ]
  const { device_code: deviceCode } = await send('POST', '/organizations/oauth2/v2.0/devicecode', {}, { ...APP })
  issued.push(await login({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: deviceCode }))
  const tokens = issued.flatMap(each => [each.access_token, each.refresh_token, each.id_token])
    .filter(token => token !== undefined)
  t.ok(tokens.length > 12, `${tokens.length} tokens`)
  await send('GET', `/v1.0/me?access_token=${SECRET}`, { authorization: `Bearer ${tokens[0]}`, cookie: `a=${SECRET}` })
  const bearer = `Bearer ${SECRET}`
  await send('POST', runCommandUrl(), { authorization: bearer, 'x-ms-authorization-auxiliary': bearer, 'proxy-authorization': SECRET })
  await send('GET', `/nowhere?client_secret=${SECRET}&x=1`, {})
  const kept = entries()
  t.equal(kept.length, issued.length + 4)
  for (const secret of [SECRET, deviceCode, ...tokens]) {
    t.same(kept.filter(entry => entry.includes(secret)), [])
  }
  t.ok(kept.every(entry => entry.includes('<redacted>')))
})

t.test('the whole body of a login that is not a form is redacted', async t => {
  const emulator = await build(t)
  await emulator.app.inject({ method: 'POST', url: TOKEN, body: { client_secret: SECRET } })
  t.equal(emulator.journal.get(1)!.request.body, '<redacted>')
})

t.test('parameters are redacted by their names, in any case and encoding', async t => {
  t.equal(redactedParameters('a=1&client%5Fsecret=x&PASSWORD=y&b'), 'a=1&client%5Fsecret=<redacted>&PASSWORD=<redacted>&b')
  t.equal(redactedUrl('https://x/y?sv=1&sig=abc%2B&se=2'), 'https://x/y?sv=1&sig=<redacted>&se=2')
  t.equal(redactedUrl('/no/query'), '/no/query')
  t.equal(redactedUrl('/no/us@er?a=b@c'), '/no/us@er?a=b@c')
  t.equal(redactedTokens('{"access_token": "a\\"b","x":"c"}'), '{"access_token": "<redacted>","x":"c"}')
})

t.test('a password in a URL is redacted, whatever the form of the URL', t => {
  for (const start of ['https://', 'HTTP:/', 'https:', 'https:\\\\', ' https:///', '//', 'ht\ntps:/\t/']) {
    t.equal(redactedUrl(`${start}me:${SECRET}@and@x/y@z`), `${start.replaceAll(/[\n\t]/g, '')}<redacted>@x/y@z`, start)
  }
  t.end()
})

t.test('protected members and signatures of a body are redacted, or the whole body if it cannot be parsed', async t => {
  const body = { properties: { protectedParameters: [{ name: 'a', value: SECRET }], runAsPassword: SECRET, outputBlobUri: `https://x/y?sig=${SECRET}` }, a: 1 }
  const redacted = redactedJson(JSON.stringify(body))
  t.same(JSON.parse(redacted), { properties: { protectedParameters: [{ name: 'a', value: '<redacted>' }], runAsPassword: '<redacted>', outputBlobUri: 'https://x/y?sig=<redacted>' }, a: 1 })
  t.equal(redactedJson(`{"run\\u0041sPassword":"${SECRET}"}`), '{"runAsPassword":"<redacted>"}')
  t.equal(redactedJson(`{"scriptUri":["https://x?sig=${SECRET}",["https://x?sig=${SECRET}"],null]}`),
    '{"scriptUri":["https://x?sig=<redacted>","<redacted>",null]}')
  t.equal(redactedJson(`{"scriptUri":{"y":"https://x?sig=${SECRET}"}}`), '{"scriptUri":{"y":"https://x?sig=<redacted>"}}')
  t.equal(redactedJson(`{'runAsPassword': '${SECRET}'}`), '<redacted>')
  t.equal(redactedJson(`{"runAsPassword":"${'x'.repeat(1024 * 1024)}"}`), '<redacted>')
  t.equal(redactedJson('{"script": ["a"'), '{"script": ["a"')
})

t.test('a protected parameter whose name is not text is redacted whole', async t => {
  const protectedParameters = [{ name: { value: SECRET }, value: SECRET }, SECRET, null]
  t.equal(redactedJson(JSON.stringify({ protectedParameters })),
    '{"protectedParameters":["<redacted>","<redacted>","<redacted>"]}')
})

t.test('a refused body is recorded without its secrets', async t => {
  const emulator = await build(t)
  const headers = { authorization: 'Bearer x' }
  await emulator.app.inject({ method: 'POST', url: runCommandUrl(), headers, body: { commandId: 'RunShellScript', RunAsPassword: SECRET } })
  t.match(emulator.journal.get(1), { status: 400, request: { body: '{"commandId":"RunShellScript","RunAsPassword":"<redacted>"}' } })
})
