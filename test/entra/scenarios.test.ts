import { decodeJwt } from 'jose'
import t, { type Test } from 'tap'
import { VirtualClock, type Emulator, type EmulatorOptions, type Scenario } from '../../src/index.js'
import type { ErrorEffect } from '../../src/scenarios/scenario.js'
import { build, get, runCommand, SUBSCRIPTION } from '../harness/emulator.js'
import { WatchedClock } from '../harness/watched-clock.js'

const TOKEN = `/${SUBSCRIPTION}/oauth2/v2.0/token`
const SECRET = { grant_type: 'client_credentials', client_id: SUBSCRIPTION, client_secret: 's', scope: 'https://management.azure.com/.default' }
const IMDS = '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/'
const METADATA = { metadata: 'true', host: '169.254.169.254' }
const RUN = { commandId: 'RunShellScript' }

async function login ({ app }: Emulator, headers: Record<string, string> = {}) {
  return await app.inject({
    method: 'POST',
    url: TOKEN,
    headers: { host: 'login.microsoftonline.com', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(SECRET).toString()
  })
}

async function imds ({ app }: Emulator) {
  return await app.inject({ method: 'GET', url: IMDS, headers: METADATA })
}

async function underScenario (t: Test, effects: Scenario['do'], options: EmulatorOptions = {}): Promise<Emulator> {
  return await build(t, { ...options, scenarios: [{ name: 'x', do: effects }] })
}

t.test('login error: requests for tokens fail, and discovery works', async t => {
  const emulator = await underScenario(t, [{ login: 'error' }])
  const { statusCode, json } = await login(emulator)
  t.equal(statusCode, 503)
  t.match(json(), { error: 'temporarily_unavailable', error_codes: [90033], error_description: /^AADSTS90033: A transient error has occurred\. Please try again\. Trace ID: / })
  t.equal((await imds(emulator)).statusCode, 500)
  const discovery = await get(emulator, '/common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/common/oauth2/authorize', { host: 'login.microsoftonline.com' })
  t.equal(discovery.statusCode, 200)
})

t.test('an identity that is not ready responds with 404, 410, 429 and 500 in turn, for the calls of the scenario', async t => {
  const emulator = await build(t, { scenarios: [{ name: 'x', calls: '1-5', do: [{ login: 'identityNotReady' }] }] })
  t.equal((await login(emulator)).statusCode, 200, 'a login with a secret is not affected and does not count')
  const responses = []
  for (let call = 0; call < 6; call++) responses.push(await imds(emulator))
  t.strictSame(responses.map(({ statusCode }) => statusCode), [404, 410, 429, 500, 404, 200])
  t.strictSame(Object.keys(responses[1]!.json()), ['error', 'error_description'])
})

t.test('a short-lived token has its expiry time and is refused from then on, under --auth any and strict', async t => {
  for (const auth of ['any', 'strict'] as const) {
    const clock = new VirtualClock()
    const emulator = await underScenario(t, [{ login: { shortToken: 60 } }], { clock, auth })
    const { json } = await login(emulator)
    t.equal(json().expires_in, 60)
    t.equal(decodeJwt(json().access_token).exp, clock.now().getTime() / 1000 + 60)
    const headers = { authorization: `Bearer ${json().access_token}` }
    await clock.advance(59_000)
    t.equal((await runCommand(emulator, RUN, { headers })).statusCode, 202, auth)
    await clock.advance(1000)
    const expired = await runCommand(emulator, RUN, { headers })
    t.equal(expired.statusCode, 401, auth)
    t.equal(expired.json().error.code, 'ExpiredAuthenticationToken', auth)
    t.match(expired.json().error.message, "expiry UTC time '3/1/2024 12:01:00 AM' is earlier than current UTC time '3/1/2024 12:01:00 AM'")
    t.match(expired.headers['www-authenticate'], 'The access token has expired.')
    emulator.scenarios.replaceAll([])
    const next = { authorization: `Bearer ${(await login(emulator)).json().access_token}` }
    t.equal((await runCommand(emulator, RUN, { headers: next, vmName: 'other' })).statusCode, 202, auth)
  }
})

t.test('a short-lived token is not refused before the seconds of its expires_in have passed', async t => {
  const clock = new VirtualClock()
  const emulator = await underScenario(t, [{ login: { shortToken: 3 } }], { clock })
  await clock.advance(900)
  const headers = { authorization: `Bearer ${(await login(emulator)).json().access_token}` }
  await clock.advance(2999)
  t.equal((await runCommand(emulator, RUN, { headers })).statusCode, 202)
  await clock.advance(1000)
  t.equal((await runCommand(emulator, RUN, { headers })).statusCode, 401)
})

t.test('an expired short-lived token is accepted under --auth off', async t => {
  const clock = new VirtualClock()
  const emulator = await underScenario(t, [{ login: { shortToken: 1 } }], { clock, auth: 'off' })
  const headers = { authorization: `Bearer ${(await login(emulator)).json().access_token}` }
  await clock.advance(10_000)
  t.equal((await runCommand(emulator, RUN, { headers })).statusCode, 202)
})

t.test('managed identities and users also get short-lived tokens', async t => {
  const emulator = await underScenario(t, [{ login: { shortToken: 60 } }])
  t.equal((await imds(emulator)).json().expires_in, '60')
  const user = await emulator.app.inject({
    method: 'POST',
    url: '/common/oauth2/v2.0/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ grant_type: 'password', client_id: SUBSCRIPTION, username: 'a@b.c', password: 'p', scope: 'https://management.azure.com/.default' }).toString()
  })
  t.equal(user.json().expires_in, 60)
})

t.test("a slow login adds its duration to other delays, by azrun's clock", async t => {
  const clock = new WatchedClock()
  const emulator = await underScenario(t, [{ login: { slow: 5000 } }, { delay: { ms: 1000 } }], { clock })
  let responded = false
  const pending = login(emulator).then(response => { responded = true; return response })
  await clock.asleep
  await clock.advance(5999)
  t.equal(responded, false)
  await clock.advance(1)
  t.equal((await pending).statusCode, 200)
})

t.test('a reset of everything refuses delayed logins at once, and one of a subscription does not', async t => {
  for (const send of [login, imds]) {
    const clock = new WatchedClock()
    const emulator = await underScenario(t, [{ login: { slow: 5000 } }], { clock })
    const pending = send(emulator)
    await clock.asleep
    await emulator.reset()
    const { statusCode, json } = await pending
    t.equal(statusCode, 409)
    t.match(json().error_description, /^The emulator was reset before the request was handled\./)
  }
  const clock = new WatchedClock()
  const emulator = await underScenario(t, [{ delay: { ms: 5000 } }], { clock })
  const pending = login(emulator)
  await clock.asleep
  await emulator.reset({ subscriptionId: SUBSCRIPTION })
  await clock.advance(5000)
  t.equal((await pending).statusCode, 200)
})

t.test('an error has the form of its service, with an AADSTS code or an OAuth error', async t => {
  const cases = [
    [{ code: 'AADSTS7000215' }, 401, { error: 'invalid_client', error_codes: [7000215], error_description: `app '${SUBSCRIPTION}'` }],
    [{ code: '50196', message: 'A loop.' }, 400, { error: 'invalid_request', error_description: /^AADSTS50196: A loop\. Trace ID: / }],
    [{ code: 'invalid_grant', status: 403 }, 403, { error: 'invalid_grant' }],
    [{ code: 'x', entry: 'TenantNotFound', values: { tenant: 'mine' } }, 400, { error: 'invalid_tenant', error_description: "Tenant 'mine' not found" }],
    [{ code: 'invalid_client' }, 401, { error: 'invalid_client', error_codes: [7000218] }],
    [{ code: 'unsupported_grant_type' }, 400, { error_codes: [70003], error_description: "grant type 'client_credentials'" }],
    [{ code: 'own_error' }, 400, { error: 'own_error', error_codes: { length: 0 }, error_description: /^own_error: an error of a scenario/ }],
    [{ code: 'own-42' }, 400, { error: 'own-42', error_codes: { length: 0 } }]
  ] as const
  for (const [error, status, body] of cases) {
    const { statusCode, json } = await login(await underScenario(t, [{ error }]))
    t.equal(statusCode, status, error.code)
    t.match(json(), body, error.code)
  }
  const instance = await imds(await underScenario(t, [{ error: { code: 'not_found', headers: { 'Retry-After': '3' } } }]))
  t.match(instance, { statusCode: 404, headers: { 'retry-after': '3' } })
})

t.test('a blank that neither the values nor the request fill stays, and a message of the scenario is sent as it is', async t => {
  const descriptions = async (error: ErrorEffect) => {
    const emulator = await underScenario(t, [{ error }])
    return [await login(emulator), await imds(emulator)].map(({ json }) => json().error_description)
  }
  const error = { code: 'AADSTS7000215', entry: 'AssertionSignatureInvalid', values: { reason: 'own' } }
  const [ofLogin, ofIdentity] = await descriptions(error)
  t.match(ofLogin, "[Reason - own, Thumbprint of key used by client: '{thumbprint}', ")
  t.match(ofLogin, `app Id '${SUBSCRIPTION}'`)
  t.match(ofIdentity, "app Id '{clientId}'")
  const own = await descriptions({ code: 'invalid_client', message: 'Own {clientId} {x}.', values: { x: 'y' } })
  t.match(own[0], 'AADSTS7000218: Own {clientId} {x}. Trace ID: ')
  t.equal(own[1], 'Own {clientId} {x}.')
})

t.test('Entra and IMDS throttle with their own messages', async t => {
  const emulator = await underScenario(t, [{ throttle: { retryAfter: 60 } }])
  t.match(await login(emulator), { statusCode: 429, headers: { 'retry-after': '60' }, body: 'AADSTS90055' })
  t.match(await imds(emulator), { statusCode: 429, headers: { 'retry-after': '60' }, body: 'Temporarily throttled' })
})

t.test('the response of a scenario is sent unchanged', async t => {
  const emulator = await underScenario(t, [{ answer: { status: 502, headers: { 'content-type': 'text/html' }, body: '<p>' } }])
  const { statusCode, headers, body } = await login(emulator)
  t.strictSame([statusCode, body, headers], [502, '<p>', { 'content-type': 'text/html', 'content-length': '3', ...'connection' in headers && { connection: headers['connection'] } }])
})

t.test('a login can name a scenario', async t => {
  const emulator = await build(t)
  emulator.scenarios.put({ name: 'down', match: { operation: 'Tokens_*', vmName: 'none' }, do: [{ login: 'error' }] })
  const other = await login(emulator, { prefer: 'scenario=down' })
  t.strictSame([other.statusCode, other.headers['preference-applied']], [200, undefined])
  emulator.scenarios.put({ name: 'down', do: [{ login: 'error' }] })
  const down = await login(emulator, { prefer: 'scenario=down' })
  t.strictSame([down.statusCode, down.headers['preference-applied']], [503, 'scenario=down'])
  const unknown = await login(emulator, { prefer: 'scenario=dwn' })
  t.equal(unknown.statusCode, 400)
  t.match(unknown.json().error_description, "azrun has no scenario 'dwn'; did you mean 'down'? /_emulator/named-scenarios lists all of them.")
})
