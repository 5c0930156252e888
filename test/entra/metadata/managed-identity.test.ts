import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { decodeJwt } from 'jose'
import t from 'tap'
import { IDENTITY_HEADER } from '../../../src/core/clouds.js'
import { ArcKeys } from '../../../src/entra/metadata/arc-keys.js'
import { ServicePrincipals } from '../../../src/identity/service-principals.js'
import { VirtualClock } from '../../../src/time/virtual-clock.js'
import { build, get as getFrom } from '../../harness/emulator.js'
import { buildEntra, CLIENT, DEFAULT_TENANT, get, post, RESOURCE } from '../../harness/entra-app.js'

const MSI = `/msi/token?resource=${encodeURIComponent(RESOURCE)}&api-version=`
const IMDS = `/metadata/identity/oauth2/token?resource=${encodeURIComponent(RESOURCE)}&api-version=`
const HERE = { host: '127.0.0.1:10900' }
const METADATA = { ...HERE, metadata: 'true' }
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/azrun'

t.test('returns a token as App Service does (2019-08-01)', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const response = await get(app, `${MSI}2019-08-01`, { ...HERE, 'x-identity-header': 'anything' })
  const { access_token: token, client_id: clientId, ...rest } = response.json()
  t.strictSame(rest, { expires_on: `${clock.now().getTime() / 1000 + 86_400}`, resource: RESOURCE, token_type: 'Bearer' })
  t.match(await app.tokens.verify(token), {
    aud: RESOURCE, tid: DEFAULT_TENANT, appid: clientId, idtyp: 'app', xms_mirid: `${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines/azrun`
  })
})

t.test('returns a token as App Service did (2017-09-01)', async t => {
  const app = await buildEntra(t, { clock: new VirtualClock() })
  const response = await get(app, `${MSI}2017-09-01&clientid=${CLIENT}`, { ...HERE, secret: 'anything' })
  // As azure-cli reads it: '%m/%d/%Y %H:%M:%S %z'.
  t.match(response.json(), { expires_on: '03/02/2024 00:00:00 +00:00', client_id: CLIENT, resource: RESOURCE })
})

t.test('returns a token as Cloud Shell does if only MSI_ENDPOINT is set', async t => {
  const app = await buildEntra(t)
  const response = await post(app, '/msi/token', { resource: RESOURCE }, METADATA)
  t.match(response.json(), { resource: RESOURCE, token_type: 'Bearer', expires_in: '86399' })
})

t.test("refuses a request in Cloud Shell's form", async t => {
  const app = await buildEntra(t)
  // Recorded in the tests of MSAL for Java.
  for (const [form, headers, code, message] of [
    [{ resource: RESOURCE }, HERE, 'bad_request_102', 'Required metadata header not specified'],
    [{}, METADATA, 'invalid_request', 'Required audience parameter not specified']
  ] as const) {
    const response = await post(app, '/msi/token', form, headers)
    t.equal(response.statusCode, 400)
    t.strictSame(response.json(), { error: { code, message } })
  }
})

t.test('returns a token as IMDS does, with and without a slash at the end of the path', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const now = clock.now().getTime() / 1000
  for (const url of [`${IMDS}2018-02-01`, `${IMDS}2018-02-01`.replace('token?', 'token/?')]) {
    const response = await get(app, url, { ...METADATA, host: '169.254.169.254' })
    const { access_token: token, client_id: clientId, ...rest } = response.json()
    t.strictSame(Object.keys(response.json()), ['access_token', 'client_id', 'expires_in', 'expires_on', 'ext_expires_in',
      'not_before', 'resource', 'token_type'])
    t.strictSame(rest, {
      expires_in: '86399', ext_expires_in: '86399', expires_on: `${now + 86_400}`, not_before: `${now - 300}`, resource: RESOURCE, token_type: 'Bearer'
    })
    t.equal(decodeJwt(token)['appid'], clientId)
  }
})

t.test('returns a token for the requested identity, by any of its ids', async t => {
  const objectId = '5c5f6a3a-2222-4f6e-9a3f-2b6f6f1d8a10'
  const servicePrincipals = new ServicePrincipals({ declared: [{ clientId: CLIENT, objectId }] })
  const app = await buildEntra(t, { servicePrincipals })
  const claims = async (selector: string) =>
    decodeJwt((await get(app, `${IMDS}2018-02-01${selector}`, METADATA)).json().access_token)
  t.match(await claims(`&client_id=${CLIENT}`), {
    appid: CLIENT, oid: objectId, xms_mirid: `${SUBSCRIPTION}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${CLIENT}`
  })
  const resourceId = '/subscriptions/s/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/mine'
  for (const name of ['mi_res_id', 'msi_res_id']) {
    t.equal((await claims(`&${name}=${encodeURIComponent(resourceId)}`))['xms_mirid'], resourceId, name)
  }
  for (const name of ['object_id', 'principal_id']) t.equal((await claims(`&${name}=${objectId}`))['oid'], objectId, name)
  t.equal((await claims(''))['oid'], (await claims(''))['oid'], 'the system-assigned identity stays the same')
})

t.test('each endpoint refuses a request as Azure does', async t => {
  const app = await buildEntra(t, { identityHeader: 'the-header' })
  const header = { ...HERE, 'x-identity-header': 'the-header' }
  for (const [name, response, expected] of [
    ['no header', await get(app, `${MSI}2019-08-01`, HERE), { statusCode: 401, message: /X-IDENTITY-HEADER/, correlationId: /./ }],
    ['a wrong header', await get(app, `${MSI}2019-08-01`, { ...HERE, 'x-identity-header': 'x' }), { statusCode: 401 }],
    ['the header of another version', await get(app, `${MSI}2017-09-01`, header), { statusCode: 401, message: /'secret'/ }],
    ['no version', await get(app, `/msi/token?resource=${RESOURCE}`, header), { statusCode: 400 }],
    ['no resource', await get(app, '/msi/token?api-version=2019-08-01', header), { statusCode: 400 }]
  ] as const) {
    t.equal(response.statusCode, expected.statusCode, name)
    t.match(response.json(), expected, name)
  }
  for (const [name, response, description] of [
    // The probe of azure-identity and azidentity: no Metadata header, and any 400 with JSON will do.
    ['no Metadata', await get(app, `${IMDS}2018-02-01`, HERE), 'Required metadata header not specified'],
    ['no version', await get(app, `/metadata/identity/oauth2/token?resource=${RESOURCE}`, METADATA), "Required query variable 'api-version' is missing"],
    ['no resource', await get(app, '/metadata/identity/oauth2/token?api-version=2018-02-01', METADATA), "Required query variable 'resource' is missing"]
  ] as const) {
    t.equal(response.statusCode, 400, name)
    t.strictSame(response.json(), { error: 'invalid_request', error_description: description }, name)
  }
})

t.test('challenges an Azure Arc client to read a key file, which is valid once', async t => {
  const arcKeyDirectory = join(t.testdir(), 'tokens')
  const app = await buildEntra(t, { arcKeyDirectory })
  for (const version of ['2019-11-01', '2020-06-01', '2021-02-01']) {
    const challenge = await get(app, `${IMDS}${version}`, METADATA)
    t.equal(challenge.statusCode, 401)
    // Recorded: the tests of azure-sdk-for-rust.
    t.equal(challenge.body, '{"error":"unauthorized_client","error_description":"Missing Basic Authorization header","error_codes":[401]}')
    const [, file] = /^Basic realm=(.+)$/.exec(`${challenge.headers['www-authenticate']}`) as string[] as [string, string]
    t.match(file, /\.key$/)
    t.equal(dirname(file), arcKeyDirectory)
    t.equal(statSync(file).mode & 0o777, 0o600)
    t.ok(statSync(file).size <= 4096)
    const authorized = { ...METADATA, authorization: `Basic ${readFileSync(file, 'utf8')}` }
    t.match((await get(app, `${IMDS}${version}`, authorized)).json(), { access_token: /./ })
    t.notOk(existsSync(file))
    t.equal((await get(app, `${IMDS}${version}`, authorized)).statusCode, 403, 'the key has been used')
  }
  t.equal((await get(app, `${IMDS}2020-06-01`, { ...METADATA, authorization: 'Basic guessed' })).statusCode, 403)
})

t.test('does not challenge a request to 169.254.169.254, which is not an Azure Arc server', async t => {
  const app = await buildEntra(t, { arcKeyDirectory: join(t.testdir(), 'tokens') })
  t.equal((await get(app, `${IMDS}2019-11-01`, { ...METADATA, host: '169.254.169.254' })).statusCode, 200)
})

t.test('reports why it cannot challenge', async t => {
  const file = join(t.testdir({ file: '' }), 'file')
  const response = await get(await buildEntra(t, { arcKeyDirectory: file }), `${IMDS}2020-06-01`, METADATA)
  t.equal(response.statusCode, 403)
  t.match(response.json().error_description, `azrun cannot write the Azure Arc key file to ${file}, the only place`)
})

t.test('keeps a limited number of key files, and removes them when it closes', async t => {
  const directory = t.testdir()
  writeFileSync(join(directory, 'not-ours.key'), '')
  const keys = new ArcKeys({ newId: randomUUID, directory })
  for (let n = 0; n < 120; n++) await t.rejects(keys.check(undefined))
  t.equal(readdirSync(directory).length, 101)
  await keys.close()
  t.strictSame(readdirSync(directory), ['not-ours.key'])
  const deeper = new ArcKeys({ newId: randomUUID, directory: join(directory, 'a', 'b') })
  await t.rejects(deeper.check(undefined))
  await deeper.close()
  t.strictSame(readdirSync(directory), ['not-ours.key'])
})

t.test('returns the metadata of its machine', async t => {
  const app = await buildEntra(t)
  const url = '/metadata/instance?api-version=2021-02-01'
  t.match((await get(app, url, METADATA)).json(), { compute: { location: 'westus', name: 'azrun', osType: 'Linux' }, network: { interface: { length: 0 } } })
  t.match((await get(app, url.replace('?', '/compute?'), METADATA)).json(), { resourceGroupName: 'azrun' })
  const location = await get(app, '/metadata/instance/compute/location?api-version=2020-06-01&format=text', METADATA)
  t.equal(location.body, 'westus')
  t.match(location.headers['content-type'], 'text/plain')
  t.equal((await get(app, '/metadata/instance/compute/nothing?api-version=2020-06-01', METADATA)).statusCode, 404)
})

t.test('refuses a request for the metadata of its machine as the service does', async t => {
  const app = await buildEntra(t)
  const versions = ['2025-04-07', '2024-07-17', '2024-03-15']
  const invalid = {
    error: 'Bad request. api-version is invalid or was not specified in the request. For more information refer to aka.ms/azureimds',
    'newest-versions': versions
  }
  const url = '/metadata/instance?api-version=2021-02-01'
  for (const [address, headers, body] of [
    [url, HERE, { error: 'Bad request: . Required metadata header not specified' }],
    ['/metadata/instance', METADATA, invalid],
    ['/metadata/instance/compute?api-version=latest', METADATA, invalid],
    ['/metadata/instance/compute/location?api-version=2020-06-01', METADATA, { error: 'Bad request' }],
    ['/metadata/instance/compute/location?api-version=2020-06-01&format=json', METADATA, { error: 'Bad request' }]
  ] as const) {
    const response = await get(app, address, headers)
    t.equal(response.statusCode, 400, address)
    t.strictSame(response.json(), body, address)
  }
})

t.test("requires azrun's IDENTITY_HEADER under --auth strict, and otherwise accepts any", async t => {
  for (const [auth, header, status] of [
    ['strict', IDENTITY_HEADER, 200], ['strict', 'another', 401], ['any', 'another', 200]
  ] as const) {
    const { app } = await build(t, { auth })
    const response = await app.inject({ url: `${MSI}2019-08-01`, headers: { 'x-identity-header': header } })
    t.equal(response.statusCode, status, `${auth} ${header}`)
  }
})

t.test('returns the same vmId for a machine as Resource Manager does', async t => {
  const emulator = await build(t)
  const { compute } = (await emulator.app.inject({ url: '/metadata/instance?api-version=2021-02-01', headers: METADATA })).json()
  const vm = await getFrom(emulator, `${compute.resourceId}?api-version=2024-03-01`)
  t.equal(vm.json().properties.vmId, compute.vmId)
})
