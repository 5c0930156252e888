/**
 * The requests of Terraform, .NET and PowerShell, none of which these tests run. Their source or their documentation
 * shows what each sends and needs in a response. go-azure-sdk/ runs Terraform's SDK.
 */
import t, { type Test } from 'tap'
import type { Emulator } from '../../src/index.js'
import { build, runCommandUrl, SUBSCRIPTION } from '../harness/emulator.js'

const HOST = 'localhost:10900'
const BASE = `http://${HOST}`
const TENANT = '00000000-0000-4000-8000-617a72756e00'

interface Sent {
  readonly method?: 'GET' | 'POST'
  readonly token?: string
  readonly form?: Readonly<Record<string, string>>
  readonly body?: object
}

/** Sends a request to an absolute URL, which must be one of the emulator. */
async function send (t: Test, { app }: Emulator, url: string, { method = 'GET', token, form, body }: Sent = {}) {
  t.equal(new URL(url).origin, BASE, `${url} is one of the emulator`)
  const { statusCode, headers, body: text } = await app.inject({
    method,
    url: url.slice(BASE.length),
    headers: {
      host: HOST,
      ...token !== undefined && { authorization: `Bearer ${token}` },
      ...form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }
    },
    ...form !== undefined && { body: new URLSearchParams(form).toString() },
    ...body !== undefined && { body }
  })
  return { statusCode, headers, json: text === '' ? undefined : JSON.parse(text) }
}

/** Gets a token with the grant client_credentials at a v2.0 endpoint. */
async function logIn (t: Test, emulator: Emulator, loginEndpoint: string, scope: string): Promise<string> {
  const { statusCode, json } = await send(t, emulator, `${loginEndpoint.replace(/\/$/, '')}/${TENANT}/oauth2/v2.0/token`, {
    method: 'POST',
    form: { grant_type: 'client_credentials', client_id: SUBSCRIPTION, client_secret: 'a-secret', scope }
  })
  t.equal(statusCode, 200)
  t.equal(json.token_type, 'Bearer')
  t.type(json.expires_in, 'number')
  return json.access_token
}

const script = { commandId: 'RunShellScript', script: ['echo hi'] }

/** Sends the action and polls it like these clients: Azure-AsyncOperation, then Location for the result. */
async function runCommand (t: Test, emulator: Emulator, token: string, toPoll: (url: string) => string = url => url) {
  const accepted = await send(t, emulator, BASE + runCommandUrl({ apiVersion: '2024-07-01' }), { method: 'POST', token, body: script })
  t.equal(accepted.statusCode, 202)
  const operation = await send(t, emulator, toPoll(`${accepted.headers['azure-asyncoperation']}`), { token })
  t.match(operation, { statusCode: 200, json: { status: 'Succeeded' } })
  const result = await send(t, emulator, toPoll(`${accepted.headers['location']}`), { token })
  t.match(result, { statusCode: 200, json: { value: [{ code: 'ProvisioningState/succeeded', message: /hi\n/ }] } })
}

t.test('Terraform finds a cloud with metadata_host, logs in there and reads its subscription', async t => {
  const emulator = await build(t, { auth: 'strict' })
  const { statusCode, json } = await send(t, emulator, `${BASE}/metadata/endpoints?api-version=2022-09-01`)
  t.equal(statusCode, 200)
  for (const name of ['name', 'resourceManager', 'microsoftGraphResourceId']) t.match(json[name], /\S/, name)
  t.type(json.suffixes, Object)
  t.equal(new URL(json.resourceManager).origin, BASE)

  const resourceManager = json.resourceManager.replace(/\/$/, '')
  const token = await logIn(t, emulator, json.authentication.loginEndpoint, `${json.authentication.audiences[0]}/.default`)
  const subscription = await send(t, emulator, `${resourceManager}/subscriptions/${SUBSCRIPTION}?api-version=2022-12-01`, { token })
  t.match(subscription, { statusCode: 200, json: { subscriptionId: SUBSCRIPTION, state: 'Enabled', tenantId: TENANT } })
})

t.test('.NET runs a command, and polls with its own api-version', async t => {
  const emulator = await build(t, { executor: 'shell', auth: 'strict' })
  const token = await logIn(t, emulator, BASE, `${BASE}/.default`)
  await runCommand(t, emulator, token, url => {
    t.match(new URL(url).searchParams.get('api-version'), /^\d{4}-\d\d-\d\d$/, 'the URL has an api-version to replace')
    return url.replace(/api-version=[^&]*/, 'api-version=2024-11-01')
  })
})

t.test("PowerShell's Add-AzEnvironment -ARMEndpoint finds the endpoints, and Invoke-AzVMRunCommand runs a script", async t => {
  const emulator = await build(t, { executor: 'shell', auth: 'strict' })
  const { statusCode, json } = await send(t, emulator, `${BASE}/metadata/endpoints?api-version=2015-01-01`)
  t.equal(statusCode, 200)
  for (const name of ['galleryEndpoint', 'graphEndpoint', 'portalEndpoint']) t.ok(URL.canParse(json[name]), name)
  t.equal(new URL(json.authentication.loginEndpoint).origin, BASE)

  const token = await logIn(t, emulator, BASE, `${json.authentication.audiences[0]}/.default`)
  await runCommand(t, emulator, token)
})
