import type { InjectOptions } from 'fastify'
import { decodeJwt } from 'jose'
import t, { type Test } from 'tap'
import type { EmulatorOptions } from '../../src/index.js'
import { build } from '../harness/emulator.js'
import { CLIENT, DEFAULT_TENANT, RESOURCE, TENANT } from '../harness/entra-app.js'

const AZ = '04b07795-8ddb-461a-bbee-02f9e1bf7b46'
const IDENTITY = '5c5f6a3a-2222-4f6e-9a3f-2b6f6f1d8a10'
const OBJECT = '3f0f2a30-8a7c-4a3e-9d0a-5b1c5b0c7e21'
const MACHINE = '/subscriptions/24fb23e3-6ba3-41f0-9b6e-e41131d5d61e/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm'
const SCOPE = `${RESOURCE}.default`

const secret = { grant_type: 'client_credentials', client_id: CLIENT, client_secret: 'secret', scope: SCOPE }
const password = { grant_type: 'password', client_id: AZ, username: 'ann@contoso.com', password: 'right', scope: SCOPE }
const federated = `${base64({ alg: 'RS256' })}.${base64({ iss: 'https://x', sub: 'x', aud: 'api://AzureADTokenExchange', exp: 9e9 })}.AAAA`

const app = { servicePrincipals: [{ clientId: CLIENT, clientSecret: 'secret' }] }
const identity = { managedIdentities: [{ clientId: IDENTITY, objectId: OBJECT }] }
const user = { users: [{ name: 'Ann@contoso.com', password: 'right', objectId: OBJECT }] }

type Ask = (form: Readonly<Record<string, string>>, path?: string) => Promise<{ status: number, body: any }>

interface Logins {
  readonly token: Ask
  /** The responses of IMDS, App Service and Cloud Shell to a request with these additional parameters. */
  readonly identity: (selector?: string) => Promise<{ status: number, body: any }[]>
}

async function logins (t: Test, options: EmulatorOptions): Promise<Logins> {
  const { app } = await build(t, options)
  const sent = async (request: InjectOptions) => {
    const { statusCode, body } = await app.inject(request)
    return { status: statusCode, body: JSON.parse(body) }
  }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  return {
    token: async (fields, path = 'token') => await sent({
      method: 'POST', url: `/${DEFAULT_TENANT}/oauth2/v2.0/${path}`, headers: form, payload: `${new URLSearchParams(fields)}`
    }),
    async identity (selector = '') {
      const query = `resource=${encodeURIComponent(RESOURCE)}${selector}`
      const metadata = { metadata: 'true', host: '169.254.169.254' }
      return await Promise.all([
        sent({ url: `/metadata/identity/oauth2/token?api-version=2018-02-01&${query}`, headers: metadata }),
        sent({ url: `/msi/token?api-version=2019-08-01&${query}`, headers: { 'x-identity-header': 'azrun' } }),
        sent({ method: 'POST', url: '/msi/token', headers: { ...form, metadata: 'true' }, payload: query })
      ])
    }
  }
}

function base64 (value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

async function withDeviceCode ({ token }: Logins) {
  const begun = await token({ client_id: AZ, scope: SCOPE }, 'devicecode')
  if (begun.status !== 200) return begun
  return await token({ grant_type: 'device_code', client_id: AZ, device_code: begun.body.device_code, scope: SCOPE })
}

for (const auth of ['any', 'strict'] as const) {
  t.test(`${auth}: anybody may log in if nobody is declared`, async t => {
    const given = await logins(t, { auth })
    t.equal((await given.token(secret)).status, 200)
    t.equal((await given.token({ ...secret, client_id: AZ })).status, 200)
    t.equal((await given.token({ ...secret, client_secret: '', client_assertion: federated })).status, 200)
    t.equal((await given.token(password)).status, 200)
    t.equal((await given.token({ grant_type: 'refresh_token', client_id: AZ, refresh_token: 'any' })).status, 200)
    t.equal((await withDeviceCode(given)).status, 200)
    for (const selector of ['', `&client_id=${CLIENT}`]) {
      t.strictSame((await given.identity(selector)).map(({ status }) => status), [200, 200, 200], selector)
    }
  })
}

t.test('any: declaring one kind of identity does not restrict the other kinds', async t => {
  const withApp = await logins(t, app)
  t.equal((await withApp.token({ ...secret, client_secret: 'wrong' })).status, 401)
  t.equal((await withApp.token(password)).status, 200)
  t.strictSame((await withApp.identity(`&client_id=${CLIENT}`)).map(({ status }) => status), [200, 200, 200])
  const withIdentity = await logins(t, identity)
  t.equal((await withIdentity.token(secret)).status, 200)
  t.equal((await withIdentity.token(password)).status, 200)
  t.strictSame((await withIdentity.identity(`&client_id=${CLIENT}`)).map(({ status }) => status), [400, 400, 400])
  const withUser = await logins(t, user)
  t.equal((await withUser.token(secret)).status, 200)
  t.strictSame((await withUser.identity()).map(({ status }) => status), [200, 200, 200])
  t.equal((await withUser.token({ ...password, password: 'wrong' })).status, 400)
})

t.test('strict: only a declared application can log in, with its secret', async t => {
  const given = await logins(t, { auth: 'strict', ...app })
  t.equal((await given.token(secret)).status, 200)
  for (const selector of ['', `&client_id=${CLIENT}`, `&object_id=${OBJECT}`]) {
    const [imds, appService, cloudShell] = await given.identity(selector)
    t.match(imds, { status: 400, body: { error: 'invalid_request', error_description: 'Identity not found' } }, selector)
    t.match(cloudShell, { status: 400, body: { error: { code: 'invalid_request', message: 'Identity not found' } } }, selector)
    // Recorded: dotnet/performance #3501.
    t.match(appService, {
      status: 400,
      body: { statusCode: 400, message: 'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.' }
    }, selector)
  }
  // Recorded: Microsoft365DSC #801.
  t.match(await given.token(password), {
    status: 400,
    body: {
      error: 'invalid_grant',
      error_codes: [50034],
      error_description: `AADSTS50034: The user account {EmailHidden} does not exist in the ${DEFAULT_TENANT} directory. To sign into `
    }
  })
  t.match(await withDeviceCode(given), { status: 400, body: { error: 'authorization_declined' } })
  t.match(await given.token({ grant_type: 'refresh_token', client_id: AZ, refresh_token: 'any' }), { body: { error_codes: [70000] } })
  t.match(await given.token({ ...secret, client_secret: '', client_assertion: federated }), { body: { error_codes: [70025] } })
})

t.test("strict: Microsoft's own applications are public, and accept neither a secret nor an assertion", async t => {
  for (const declared of [app, user, identity]) {
    const { token } = await logins(t, { auth: 'strict', ...declared })
    for (const [clientSecret, assertion] of [['any', ''], ['', federated]] as const) {
      // Recorded: MicrosoftDocs/azure-docs #96567.
      t.match(await token({ ...secret, client_id: AZ, client_secret: clientSecret, client_assertion: assertion }), {
        status: 401,
        body: {
          error: 'invalid_client',
          error_codes: [700025],
          error_description: "AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented. "
        }
      })
    }
    t.match(await token({ ...secret, client_id: AZ, client_secret: '' }), { status: 401, body: { error_codes: [7000218] } })
  }
})

t.test('strict: only a declared user can sign in, with the password and the name in any case', async t => {
  const given = await logins(t, { auth: 'strict', ...user })
  const { status, body } = await given.token(password)
  t.equal(status, 200)
  t.match(decodeJwt(body.access_token), { oid: OBJECT, upn: 'Ann@contoso.com' })
  t.match(await given.token({ ...password, password: 'wrong' }), {
    status: 400,
    body: { error: 'invalid_grant', error_description: /^AADSTS50126: Error validating credentials due to invalid username or password\. Trace ID: / }
  })
  t.match(await given.token({ ...password, username: 'eve@contoso.com' }), { body: { error_codes: [50034] } })
  const refresh = { grant_type: 'refresh_token', client_id: AZ, refresh_token: body.refresh_token, scope: SCOPE }
  t.equal((await given.token(refresh)).status, 200)
  t.match(await withDeviceCode(given), { status: 400, body: { error: 'authorization_declined' } }, 'a device code asks for no password')
  t.match(await given.token(secret), { status: 400, body: { error_codes: [700016] } })
  t.strictSame((await given.identity()).map(({ status }) => status), [400, 400, 400])
})

t.test('strict: a device code signs in the first declared user without a password', async t => {
  const users = [...user.users, { name: 'bob@contoso.com' }, { name: 'eve@contoso.com' }]
  const given = await logins(t, { auth: 'strict', users })
  const { body } = await withDeviceCode(given)
  t.match(decodeJwt(body.access_token), { upn: 'bob@contoso.com' })
  t.equal((await given.token({ ...password, username: 'bob@contoso.com', password: 'any' })).status, 200)
})

t.test('refuses a refresh token of a user who is no longer declared', async t => {
  const dataDir = t.testdir()
  const { startEmulator } = await import('../../src/index.js')
  const signIn = async (options: EmulatorOptions, form: Record<string, string>) => {
    const emulator = await startEmulator({ ...options, dataDir, auth: 'strict' })
    try {
      const { body } = await emulator.app.inject({
        method: 'POST',
        url: `/${DEFAULT_TENANT}/oauth2/v2.0/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: `${new URLSearchParams(form)}`
      })
      return JSON.parse(body)
    } finally {
      await emulator.close()
    }
  }
  const { refresh_token: token } = await signIn(user, password)
  const refresh = { grant_type: 'refresh_token', client_id: AZ, refresh_token: token, scope: SCOPE }
  t.match(await signIn({ users: [{ name: 'bob@contoso.com' }] }, refresh), { error_codes: [50034] })
  t.ok((await signIn(user, refresh)).access_token)
})

t.test('strict: a declared identity needs no secret, and no other exists', async t => {
  const given = await logins(t, { auth: 'strict', ...app, ...identity })
  const resourceId = '/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/azrun/providers/' +
    `Microsoft.ManagedIdentity/userAssignedIdentities/${IDENTITY}`
  const byResource = `&mi_res_id=${encodeURIComponent(resourceId)}`
  for (const selector of ['', `&client_id=${IDENTITY.toUpperCase()}`, `&object_id=${OBJECT}`, byResource]) {
    for (const { status, body } of await given.identity(selector)) {
      t.equal(status, 200, selector)
      t.match(decodeJwt(body.access_token), { appid: IDENTITY, oid: OBJECT, xms_mirid: resourceId }, selector)
    }
  }
  const others = [`&client_id=${CLIENT}`, `&client_id=${IDENTITY}&object_id=${TENANT}`, '&mi_res_id=/subscriptions/other']
  for (const selector of others) {
    t.strictSame((await given.identity(selector)).map(({ status }) => status), [400, 400, 400], selector)
  }
  t.match(await given.token({ ...secret, client_id: IDENTITY }), { body: { error_codes: [700016] } })
})

t.test('strict: a request without a selector gets the system-assigned identity, and fails if there are only several others', async t => {
  const second = { clientId: TENANT }
  const system = { clientId: CLIENT, resourceId: MACHINE }
  const both = await logins(t, { auth: 'strict', managedIdentities: [...identity.managedIdentities, second, system] })
  for (const { body } of await both.identity()) {
    t.match(decodeJwt(body.access_token), { appid: CLIENT, xms_mirid: MACHINE })
  }
  const several = await logins(t, { auth: 'strict', managedIdentities: [...identity.managedIdentities, second] })
  const [imds] = await several.identity()
  // Recorded: acs-keyvault-agent #43.
  t.strictSame(imds, {
    status: 400,
    body: {
      error: 'invalid_request',
      error_description: 'Multiple user assigned identities exist, please specify the clientId / resourceId of the ' +
        'identity in the token request'
    }
  })
})
