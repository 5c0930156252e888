import { decodeJwt } from 'jose'
import t from 'tap'
import { ServicePrincipals } from '../../../src/identity/service-principals.js'
import { VirtualClock } from '../../../src/time/virtual-clock.js'
import { buildEntra, CLIENT, DEFAULT_TENANT, post, RESOURCE, TENANT } from '../../harness/entra-app.js'

const V2 = `/${TENANT}/oauth2/v2.0/token`
const V1 = `/${TENANT}/oauth2/token`
const SECRET = { grant_type: 'client_credentials', client_id: CLIENT, client_secret: 'a-secret', scope: `${RESOURCE}.default` }
const PASSWORD = {
  grant_type: 'password',
  client_id: CLIENT,
  username: 'ann@contoso.com',
  password: 'a-password',
  scope: 'https://management.azure.com//.default openid profile offline_access',
  client_info: '1'
}

t.test("returns a token for an application's secret (version 2.0)", async t => {
  const app = await buildEntra(t)
  const response = await post(app, V2, SECRET)
  t.equal(response.statusCode, 200)
  const { access_token: token, ...rest } = response.json()
  t.strictSame(rest, { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599 })
  t.match(await app.tokens.verify(token), { aud: 'https://management.azure.com', appid: CLIENT, tid: TENANT, idtyp: 'app', appidacr: '1' })
  t.match(response.headers, { 'cache-control': 'no-store, no-cache', 'content-type': /^application\/json/ })
})

t.test("returns a token for an application's secret (version 1.0, with numbers as text)", async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const response = await post(app, V1, { grant_type: 'client_credentials', client_id: CLIENT, client_secret: 's', resource: RESOURCE })
  const now = clock.now().getTime() / 1000
  const { access_token: token, ...rest } = response.json()
  t.strictSame(rest, {
    token_type: 'Bearer',
    expires_in: '3599',
    ext_expires_in: '3599',
    expires_on: `${now + 3600}`,
    not_before: `${now - 300}`,
    resource: RESOURCE
  })
  t.match(await app.tokens.verify(token), { aud: RESOURCE })
})

t.test('defaults to Azure AD Graph if a request of version 1.0 names no resource', async t => {
  const response = await post(await buildEntra(t), V1, { grant_type: 'client_credentials', client_id: CLIENT, client_secret: 's' })
  t.equal(response.json().resource, '00000002-0000-0000-c000-000000000000')
})

t.test('accepts a scope on the path of ADFS and responds as version 2.0 does', async t => {
  const app = await buildEntra(t)
  const { access_token: token, expires_in: expiresIn } = (await post(app, '/adfs/oauth2/token', { ...SECRET, scope: 'https://127.0.0.1:1//.default' })).json()
  t.equal(expiresIn, 3599)
  t.match(await app.tokens.verify(token), { aud: 'https://127.0.0.1:1/', tid: DEFAULT_TENANT })
})

t.test('derives the audience from the scope as Entra does', async t => {
  const app = await buildEntra(t)
  for (const [scope, audience] of [
    ['https://management.azure.com/.default', 'https://management.azure.com'],
    ['https://management.core.windows.net//.default', 'https://management.core.windows.net/'],
    [`${CLIENT}/.default`, CLIENT],
    [`api://${CLIENT}/.default openid`, `api://${CLIENT}`]
  ] as const) {
    t.equal(decodeJwt((await post(app, V2, { ...SECRET, scope })).json().access_token).aud, audience)
  }
})

t.test('uses the default tenant for an alias and for a domain', async t => {
  const app = await buildEntra(t)
  for (const tenant of ['common', 'organizations', 'contoso.com']) {
    const { access_token: token } = (await post(app, `/${tenant}/oauth2/v2.0/token`, SECRET)).json()
    t.equal(decodeJwt(token)['tid'], DEFAULT_TENANT, tenant)
  }
})

t.test('accepts the secret in a Basic header', async t => {
  const servicePrincipals = new ServicePrincipals({ declared: [{ clientId: CLIENT, clientSecret: 'a:b+c %&' }] })
  const app = await buildEntra(t, { servicePrincipals })
  const { client_id: id, client_secret: secret, ...form } = SECRET
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(`${id}:${text}`).toString('base64')}` })
  t.equal((await post(app, V2, form, basic(encodeURIComponent('a:b+c %&')))).statusCode, 200)
  t.match((await post(app, V2, form, basic('wrong'))).json(), { error_codes: [7000215] })
  t.match((await post(app, V2, form, { authorization: 'Basic ???' })).json(), { error_codes: [900144] })
})

t.test('accepts a declared application only with its secret', async t => {
  const objectId = '5c5f6a3a-2222-4f6e-9a3f-2b6f6f1d8a10'
  const servicePrincipals = new ServicePrincipals({ declared: [{ clientId: CLIENT, objectId, clientSecret: 'a-secret' }] })
  const app = await buildEntra(t, { servicePrincipals })
  t.equal(decodeJwt((await post(app, V2, { ...SECRET, client_id: CLIENT.toUpperCase() })).json().access_token)['oid'], objectId)
  const wrong = await post(app, V2, { ...SECRET, client_secret: 'another' })
  t.equal(wrong.statusCode, 401)
  t.match(wrong.json(), { error: 'invalid_client', error_codes: [7000215], error_description: new RegExp(`for a secret added to app '${CLIENT}'`) })
  const unknown = await post(app, V2, { ...SECRET, client_id: TENANT })
  t.equal(unknown.statusCode, 400)
  t.match(unknown.json(), { error: 'unauthorized_client', error_codes: [700016] })
})

t.test('gives each application its own object id, which stays the same', async t => {
  const ids = new Set<unknown>()
  for (const client of [CLIENT, CLIENT.toUpperCase(), TENANT]) {
    ids.add(decodeJwt((await post(await buildEntra(t), V2, { ...SECRET, client_id: client })).json().access_token)['oid'])
  }
  t.equal(ids.size, 2)
})

t.test('signs a user in with a password', async t => {
  const app = await buildEntra(t)
  const { access_token: token, id_token: idToken, client_info: info, scope } = (await post(app, V2, { ...PASSWORD, nonce: 'n-1' })).json()
  const { oid } = await app.tokens.verify(token)
  t.match(decodeJwt(token), { aud: 'https://management.azure.com/', upn: 'ann@contoso.com', idtyp: 'user' })
  t.match(decodeJwt(idToken), {
    aud: CLIENT, iss: `http://login.microsoftonline.com/${TENANT}/v2.0`, preferred_username: 'ann@contoso.com', oid, tid: TENANT, ver: '2.0', nonce: 'n-1'
  })
  t.notOk('nonce' in decodeJwt((await post(app, V2, PASSWORD)).json().id_token))
  t.strictSame(JSON.parse(Buffer.from(info, 'base64url').toString()), { uid: oid, utid: DEFAULT_TENANT }, "the user's home tenant")
  t.equal(scope, PASSWORD.scope)
})

t.test('returns new tokens for a refresh token until it expires, in another tenant too', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const { refresh_token: refreshToken } = (await post(app, V2, PASSWORD)).json()
  const form = { grant_type: 'refresh_token', client_id: CLIENT, refresh_token: refreshToken, scope: 'https://graph.microsoft.com/.default' }
  await clock.advance(24 * 60 * 60 * 1000)
  for (const [tenant, expected] of [[TENANT, TENANT], [DEFAULT_TENANT, DEFAULT_TENANT], ['organizations', TENANT]]) {
    const { access_token: token } = (await post(app, `/${tenant}/oauth2/v2.0/token`, form)).json()
    t.match(decodeJwt(token), { upn: 'ann@contoso.com', tid: expected, aud: 'https://graph.microsoft.com' })
  }
  await clock.advance(90 * 24 * 60 * 60 * 1000)
  t.match((await post(app, V2, form)).json(), { error: 'invalid_grant', error_codes: [700082] })
})

t.test('accepts any refresh token if no service principals are declared', async t => {
  const form = { grant_type: 'refresh_token', client_id: CLIENT, refresh_token: 'whatever', resource: RESOURCE }
  t.match(decodeJwt((await post(await buildEntra(t), V1, form)).json().access_token), { upn: 'user@azrun.onmicrosoft.com' })
  const servicePrincipals = new ServicePrincipals({ declared: [{ clientId: CLIENT }] })
  const response = await post(await buildEntra(t, { servicePrincipals }), V1, form)
  t.match(response.json(), { error: 'invalid_grant', error_codes: [70000] })
})

t.test('does not accept an access token as a refresh token', async t => {
  const servicePrincipals = new ServicePrincipals({ declared: [{ clientId: CLIENT, clientSecret: 'a-secret' }] })
  const app = await buildEntra(t, { servicePrincipals })
  const { access_token: token } = (await post(app, V2, SECRET)).json()
  const response = await post(app, V2, { grant_type: 'refresh_token', client_id: CLIENT, client_secret: 'a-secret', refresh_token: token })
  t.match(response.json(), { error_codes: [70000] })
})

t.test('signs a user in with a device code at once', async t => {
  const app = await buildEntra(t)
  const scope = 'https://management.core.windows.net//.default offline_access openid profile'
  const begun = (await post(app, `/${TENANT}/oauth2/v2.0/devicecode`, { client_id: CLIENT, scope })).json()
  t.match(begun, { user_code: /^[\dA-F]{9}$/, verification_uri: 'https://microsoft.com/devicelogin', expires_in: 900, interval: 1 })
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_id: CLIENT, device_code: begun.device_code }
  const { access_token: token, refresh_token: refreshToken } = (await post(app, V2, form)).json()
  t.match(decodeJwt(token), { aud: 'https://management.core.windows.net/', upn: 'user@azrun.onmicrosoft.com' })
  t.ok(refreshToken)
})

t.test('signs a user in with a device code of version 1.0', async t => {
  const app = await buildEntra(t)
  const begun = (await post(app, `/${TENANT}/oauth2/devicecode`, { client_id: CLIENT, resource: RESOURCE })).json()
  t.match(begun, { verification_url: 'https://microsoft.com/devicelogin', expires_in: '900', interval: '1' })
  const form = { grant_type: 'device_code', client_id: CLIENT, code: begun.device_code, resource: RESOURCE }
  t.match((await post(app, V1, form)).json(), { resource: RESOURCE, expires_in: '3599', refresh_token: /./ })
})

t.test('refuses a device code that is invalid, expired or of another application', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const { device_code: code } = (await post(app, '/common/oauth2/v2.0/devicecode', { client_id: CLIENT, scope: 'openid' })).json()
  const form = { grant_type: 'device_code', client_id: CLIENT, device_code: code }
  t.match((await post(app, V2, { ...form, device_code: 'x' })).json(), { error: 'bad_verification_code' })
  t.match((await post(app, V2, { ...form, client_id: TENANT })).json(), { error: 'bad_verification_code' })
  await clock.advance(21 * 60 * 1000)
  t.match((await post(app, V2, form)).json(), { error: 'expired_token' })
})

t.test("requires an application's secret, if it has one, when a user signs in too", async t => {
  const servicePrincipals = new ServicePrincipals({ declared: [{ clientId: CLIENT, clientSecret: 'a-secret' }] })
  const app = await buildEntra(t, { servicePrincipals })
  t.match((await post(app, V2, PASSWORD)).json(), { error_codes: [7000218] })
  t.equal((await post(app, V2, { ...PASSWORD, client_secret: 'a-secret' })).statusCode, 200)
})

t.test("accepts Microsoft's own applications, whatever is declared", async t => {
  const servicePrincipals = new ServicePrincipals({ declared: [{ clientId: CLIENT, clientSecret: 'a-secret' }] })
  const app = await buildEntra(t, { servicePrincipals })
  t.equal((await post(app, V2, { ...PASSWORD, client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46' })).statusCode, 200)
})
