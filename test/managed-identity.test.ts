import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { decodeJwt } from 'jose'
import t from 'tap'
import { VirtualClock } from '../src/core/clock.js'
import { IDENTITY_HEADER } from '../src/core/clouds.js'
import { ArcKeys } from '../src/entra/arc-keys.js'
import { ServicePrincipals } from '../src/identity/service-principals.js'
import { build, get as getFrom } from './helper.js'
import { buildEntra, CLIENT, DEFAULT_TENANT, get, post, RESOURCE } from './entra-app.js'

const MSI = `/msi/token?resource=${encodeURIComponent(RESOURCE)}&api-version=`
const IMDS = `/metadata/identity/oauth2/token?resource=${encodeURIComponent(RESOURCE)}&api-version=`
const HERE = { host: '127.0.0.1:10900' }
const METADATA = { ...HERE, metadata: 'true' }
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups/azrun'

t.test('gives a token as App Service does, 2019-08-01', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const answer = await get(app, `${MSI}2019-08-01`, { ...HERE, 'x-identity-header': 'anything' })
  const { access_token: token, client_id: clientId, ...rest } = answer.json()
  t.strictSame(rest, { expires_on: `${clock.now().getTime() / 1000 + 86_400}`, resource: RESOURCE, token_type: 'Bearer' })
  t.match(await app.tokens.verify(token), {
    aud: RESOURCE, tid: DEFAULT_TENANT, appid: clientId, idtyp: 'app', xms_mirid: `${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines/azrun`
  })
})

t.test('gives a token as App Service did, 2017-09-01', async t => {
  const app = await buildEntra(t, { clock: new VirtualClock() })
  const answer = await get(app, `${MSI}2017-09-01&clientid=${CLIENT}`, { ...HERE, secret: 'anything' })
  // As azure-cli reads it: '%m/%d/%Y %H:%M:%S %z'.
  t.match(answer.json(), { expires_on: '03/02/2024 00:00:00 +00:00', client_id: CLIENT, resource: RESOURCE })
})

t.test('gives a token as Cloud Shell does, where MSI_ENDPOINT alone is set', async t => {
  const app = await buildEntra(t)
  const answer = await post(app, '/msi/token', { resource: RESOURCE }, METADATA)
  t.match(answer.json(), { resource: RESOURCE, token_type: 'Bearer', expires_in: '86399' })
  t.match((await post(app, '/msi/token', { resource: RESOURCE }, HERE)).json(), { error: 'invalid_request' })
})

t.test('gives a token as a virtual machine does, with and without a slash at the end', async t => {
  const clock = new VirtualClock()
  const app = await buildEntra(t, { clock })
  const now = clock.now().getTime() / 1000
  for (const url of [`${IMDS}2018-02-01`, `${IMDS}2018-02-01`.replace('token?', 'token/?')]) {
    const answer = await get(app, url, { ...METADATA, host: '169.254.169.254' })
    const { access_token: token, client_id: clientId, ...rest } = answer.json()
    t.strictSame(rest, {
      expires_in: '86399', ext_expires_in: '86399', expires_on: `${now + 86_400}`, not_before: `${now - 300}`, resource: RESOURCE, token_type: 'Bearer'
    })
    t.equal(decodeJwt(token)['appid'], clientId)
  }
})

t.test('gives each identity that is asked for, by whichever of its ids', async t => {
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
  t.equal((await claims(''))['oid'], (await claims(''))['oid'], 'the system-assigned one stays')
})

t.test('refuses as each endpoint does', async t => {
  const app = await buildEntra(t, { identityHeader: 'the-header' })
  const header = { ...HERE, 'x-identity-header': 'the-header' }
  for (const [name, answer, expected] of [
    ['no header', await get(app, `${MSI}2019-08-01`, HERE), { statusCode: 401, message: /X-IDENTITY-HEADER/, correlationId: /./ }],
    ['a wrong header', await get(app, `${MSI}2019-08-01`, { ...HERE, 'x-identity-header': 'x' }), { statusCode: 401 }],
    ['the header of another version', await get(app, `${MSI}2017-09-01`, header), { statusCode: 401, message: /'secret'/ }],
    ['no version', await get(app, `/msi/token?resource=${RESOURCE}`, header), { statusCode: 400 }],
    ['no resource', await get(app, '/msi/token?api-version=2019-08-01', header), { statusCode: 400 }]
  ] as const) {
    t.equal(answer.statusCode, expected.statusCode, name)
    t.match(answer.json(), expected, name)
  }
  for (const [name, answer, description] of [
    // The probe of azure-identity and azidentity: no Metadata header, and any 400 with JSON will do.
    ['no Metadata', await get(app, `${IMDS}2018-02-01`, HERE), 'Required metadata header not specified'],
    ['no version', await get(app, `/metadata/identity/oauth2/token?resource=${RESOURCE}`, METADATA), "Required query variable 'api-version' is missing"],
    ['no resource', await get(app, '/metadata/identity/oauth2/token?api-version=2018-02-01', METADATA), 'Required audience parameter not specified']
  ] as const) {
    t.equal(answer.statusCode, 400, name)
    t.strictSame(answer.json(), { error: 'invalid_request', error_description: description }, name)
  }
})

t.test('challenges a client of Azure Arc to read a file, once', async t => {
  const arcKeyDirectory = join(t.testdir(), 'tokens')
  const app = await buildEntra(t, { arcKeyDirectory })
  for (const version of ['2019-11-01', '2020-06-01']) {
    const challenge = await get(app, `${IMDS}${version}`, METADATA)
    t.equal(challenge.statusCode, 401)
    const [, file] = /^Basic realm=(.+)$/.exec(`${challenge.headers['www-authenticate']}`) as string[] as [string, string]
    t.match(file, /\.key$/)
    t.equal(dirname(file), arcKeyDirectory)
    t.equal(statSync(file).mode & 0o777, 0o600)
    t.ok(statSync(file).size <= 4096)
    const answered = { ...METADATA, authorization: `Basic ${readFileSync(file, 'utf8')}` }
    t.match((await get(app, `${IMDS}${version}`, answered)).json(), { access_token: /./ })
    t.notOk(existsSync(file))
    t.equal((await get(app, `${IMDS}${version}`, answered)).statusCode, 403, 'the key is spent')
  }
  t.equal((await get(app, `${IMDS}2020-06-01`, { ...METADATA, authorization: 'Basic guessed' })).statusCode, 403)
})

t.test('takes what is asked of 169.254.169.254 for no server of Azure Arc', async t => {
  const app = await buildEntra(t, { arcKeyDirectory: join(t.testdir(), 'tokens') })
  t.equal((await get(app, `${IMDS}2019-11-01`, { ...METADATA, host: '169.254.169.254' })).statusCode, 200)
})

t.test('says why it cannot challenge', async t => {
  const file = join(t.testdir({ file: '' }), 'file')
  const answer = await get(await buildEntra(t, { arcKeyDirectory: file }), `${IMDS}2020-06-01`, METADATA)
  t.equal(answer.statusCode, 403)
  t.match(answer.json().error_description, `azrun cannot write the key file of Azure Arc to ${file}, the only place`)
})

t.test('leaves few key files behind, and none once it is closed', async t => {
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

t.test('says which machine it is', async t => {
  const app = await buildEntra(t)
  const url = '/metadata/instance?api-version=2021-02-01'
  t.match((await get(app, url, METADATA)).json(), { compute: { location: 'westus', name: 'azrun', osType: 'Linux' }, network: { interface: [] } })
  t.match((await get(app, url.replace('?', '/compute?'), METADATA)).json(), { resourceGroupName: 'azrun' })
  const location = await get(app, '/metadata/instance/compute/location?api-version=2020-06-01&format=text', METADATA)
  t.equal(location.body, 'westus')
  t.match(location.headers['content-type'], 'text/plain')
  t.equal((await get(app, '/metadata/instance/compute/nothing?api-version=2020-06-01', METADATA)).statusCode, 404)
  t.equal((await get(app, url, HERE)).statusCode, 400)
  t.equal((await get(app, '/metadata/instance', METADATA)).statusCode, 400)
})

t.test('wants the IDENTITY_HEADER that azrun gives where it is exact about tokens, and else any', async t => {
  for (const [auth, header, status] of [
    ['strict', IDENTITY_HEADER, 200], ['strict', 'another', 401], ['any', 'another', 200]
  ] as const) {
    const { app } = await build(t, { auth })
    const answer = await app.inject({ url: `${MSI}2019-08-01`, headers: { 'x-identity-header': header } })
    t.equal(answer.statusCode, status, `${auth} ${header}`)
  }
})

t.test('shows a machine by the same id as Resource Manager does', async t => {
  const emulator = await build(t)
  const { compute } = (await emulator.app.inject({ url: '/metadata/instance?api-version=2021-02-01', headers: METADATA })).json()
  const vm = await getFrom(emulator, `${compute.resourceId}?api-version=2024-03-01`)
  t.equal(vm.json().properties.vmId, compute.vmId)
})
