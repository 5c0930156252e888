import t from 'tap'
import type { Emulator } from '../src/index.js'
import { API_VERSION, AUTHORIZATION, build, get, runCommand, runCommandUrl, start, SUBSCRIPTION } from './helper.js'
import { converse } from './wire.js'

const SHELL = { commandId: 'RunShellScript' }
const COMPUTE = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute`
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
const QUERY = `?api-version=${API_VERSION}`

t.test('takes paths in any case, with a slash at the end, and with more than one at the start', async t => {
  // Recorded: captures have /resourcegroups/ and /virtualmachines/; wire facts, section 5.
  const emulator = await build(t)
  for (const path of [
    `${COMPUTE.toUpperCase()}/LOCATIONS/WESTUS/RUNCOMMANDS`,
    `${COMPUTE.toLowerCase()}/locations/westus/runcommands/runshellscript`,
    `${COMPUTE}/locations/westus/runCommands/`,
    `/${COMPUTE}/locations/westus/runCommands`,
    `///${COMPUTE}/locations/westus/runCommands/`,
    VM.replace('resourceGroups', 'resourcegroups').replace('virtualMachines', 'virtualmachines')
  ]) {
    t.equal((await get(emulator, `${path}${QUERY}`)).statusCode, 200, path)
  }
  const url = runCommandUrl({ vmName: 'MyVM' }).replace('/runCommand?', '/RUNCOMMAND/?').replace('virtualMachines', 'virtualmachines')
  const { statusCode } = await emulator.app.inject({ method: 'POST', url: `/${url}`, headers: AUTHORIZATION, body: SHELL })
  t.equal(statusCode, 202)
})

t.test('takes a name of a query parameter in any case or encoded', async t => {
  const emulator = await build(t)
  for (const query of ['$expand=instanceView', '%24expand=instanceView', '%24expand=InstanceView']) {
    const { statusCode, body } = await get(emulator, `${VM}${QUERY}&${query}`)
    t.equal(statusCode, 200)
    t.match(JSON.parse(body).properties.instanceView, { computerName: 'vm' }, query)
  }
  t.notOk('instanceView' in (await get(emulator, `${VM}${QUERY}&$expand=userData`)).json().properties)
  for (const query of [`API-Version=${API_VERSION}`, `api%2Dversion=${API_VERSION}`, `x=1&api-version=${API_VERSION}&api-version=9`]) {
    t.equal((await get(emulator, `${VM}?${query}`)).statusCode, 200, query)
  }
})

t.test('takes both media types of the contract, and no other', async t => {
  const emulator = await build(t)
  const taken = ['application/json', 'text/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"']
  for (const mediaType of taken) {
    t.equal((await send(emulator, JSON.stringify(SHELL), { 'content-type': mediaType })).statusCode, 202, mediaType)
  }
  for (const mediaType of ['text/plain', 'application/x-www-form-urlencoded', 'application/json-patch+json', 'json', '']) {
    const { statusCode, body } = await send(emulator, JSON.stringify(SHELL), { 'content-type': mediaType })
    t.equal(statusCode, 415, mediaType)
    t.match(JSON.parse(body).error, { code: 'UnsupportedMediaType', message: `'${mediaType}'` })
  }
  const without = await converse(await start(t), `POST ${runCommandUrl()} HTTP/1.1\r\nHost: localhost\r\n` +
    'Authorization: Bearer x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}')
  t.match(without, /^HTTP\/1\.1 415 .*media type '<null>' is not supported/s)
})

t.test('checks the api-version against the published ones, as the policy says', async t => {
  // Wire facts, section 1: the codes are recorded, which of them an action gets is inferred.
  const ok = [202, undefined]
  const malformed = [400, 'InvalidApiVersionParameter']
  const unpublished = [404, 'InvalidResourceType']
  const missing = [400, 'MissingApiVersionParameter']
  const cases = {
    '': { newer: missing, published: missing, any: missing },
    '2024-03-01': { newer: ok, published: ok, any: ok },
    '2017-03-30': { newer: ok, published: ok, any: ok },
    '2026-04-01': { newer: ok, published: ok, any: ok },
    '2031-01-31': { newer: ok, published: unpublished, any: ok },
    '2031-01-31-preview': { newer: ok, published: unpublished, any: ok },
    '2024-03-02': { newer: unpublished, published: unpublished, any: ok },
    '2016-04-30-preview': { newer: unpublished, published: unpublished, any: ok },
    '2031-02-30': { newer: malformed, published: malformed, any: ok },
    '2031-13-01': { newer: malformed, published: malformed, any: ok },
    2031: { newer: malformed, published: malformed, any: ok },
    latest: { newer: malformed, published: malformed, any: ok },
    '9999999-01-01': { newer: malformed, published: malformed, any: ok },
    '%00%0d%0a': { newer: malformed, published: malformed, any: ok },
    '%ED%A0%80': { newer: malformed, published: malformed, any: ok }
  }
  for (const policy of ['newer', 'published', 'any'] as const) {
    const emulator = await build(t, { apiVersions: policy })
    for (const [apiVersion, expected] of Object.entries(cases)) {
      const { statusCode, body } = await runCommand(emulator, SHELL, { apiVersion })
      const code = body === '' ? undefined : JSON.parse(body).error.code
      t.strictSame([statusCode, code], expected[policy], `${policy}: ${apiVersion}`)
    }
  }
})

t.test('names the resource type that has no such api-version', async t => {
  const emulator = await build(t)
  for (const [path, type] of [
    [VM, 'virtualMachines'],
    [`${COMPUTE}/virtualMachines`, 'virtualMachines'],
    [`${COMPUTE}/locations/westus/runCommands`, 'locations/runCommands'],
    [`${COMPUTE}/locations/westus/operations/1`, 'locations/operations']
  ]) {
    const { message } = (await get(emulator, `${path}?api-version=2015-06-15`)).json().error
    t.match(message, `The resource type '${type}' could not be found`)
  }
})

t.test('echoes the api-version that it was sent, encoded', async t => {
  const emulator = await build(t, { apiVersions: 'any' })
  const { headers } = await runCommand(emulator, SHELL, { apiVersion: 'a%0d%0ab%26c%3D' })
  t.match(headers['location'], /\?monitor=true&api-version=a%0D%0Ab%26c%3D$/)
  t.match(headers['azure-asyncoperation'], /\?api-version=a%0D%0Ab%26c%3D$/)
})

t.test('wants a bearer token, and names the tenant to get it from', async t => {
  const tenantId = '72f988bf-86f1-41af-91ab-2d7cd011db47'
  const emulator = await build(t, { subscriptions: [{ subscriptionId: SUBSCRIPTION, tenantId }] })
  for (const [authorization, message] of [
    [undefined, 'header is missing.'],
    ['', 'not present or provided in an invalid format'],
    ['Basic YTpi', 'not present or provided in an invalid format'],
    ['Bearerx', 'not present or provided in an invalid format'],
    ['SharedKey a:b', 'not present or provided in an invalid format'],
    ['Bearer', 'is missing the access token'],
    ['bearer   ', 'is missing the access token']
  ] as const) {
    const headers = authorization === undefined ? {} : { authorization }
    const answer = await emulator.app.inject({ method: 'POST', url: runCommandUrl(), headers, body: SHELL })
    t.equal(answer.statusCode, 401, `${authorization}`)
    t.equal(answer.json().error.code, 'AuthenticationFailed')
    t.match(answer.json().error.message, message)
    // Recorded verbatim in the tests of azcore, azure-sdk-for-net and azure-identity.
    t.equal(answer.headers['www-authenticate'], `Bearer authorization_uri="https://login.windows.net/${tenantId}", ` +
      'error="invalid_token", error_description="The authentication failed because of missing \'Authorization\' header."')
  }
  for (const authorization of ['Bearer x', 'bearer x', 'BEARER  x.y.z']) {
    t.equal((await get(emulator, `${VM}${QUERY}`, { authorization })).statusCode, 200, authorization)
  }
})

t.test('checks in the order of Azure, before it reads a body', async t => {
  // Inferred from captures: wire facts, section 5. An unknown subscription is told without a token (recorded).
  const virtualMachines = [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm', powerState: 'stopped' as const }]
  const emulator = await build(t, { strict: true, virtualMachines })
  const unknown = '00000000-0000-0000-0000-000000000000'
  const steps = [
    [{ apiVersion: '', subscriptionId: 'x', resourceGroup: 'x', vmName: 'x' }, {}, 'MissingApiVersionParameter'],
    [{ apiVersion: '2000-01-01', subscriptionId: 'x', resourceGroup: 'x', vmName: 'x' }, {}, 'InvalidResourceType'],
    [{ subscriptionId: 'x', resourceGroup: 'x', vmName: 'x' }, {}, 'InvalidSubscriptionId'],
    [{ subscriptionId: unknown, resourceGroup: 'x', vmName: 'x' }, {}, 'SubscriptionNotFound'],
    [{ resourceGroup: 'x', vmName: 'x' }, {}, 'AuthenticationFailed'],
    [{ resourceGroup: 'x', vmName: 'x' }, AUTHORIZATION, 'ResourceGroupNotFound'],
    [{ vmName: 'x' }, AUTHORIZATION, 'ResourceNotFound'],
    [{}, AUTHORIZATION, 'UnsupportedMediaType'],
    [{}, { ...AUTHORIZATION, 'content-type': 'text/json' }, 'BadRequest']
  ] as const
  for (const [target, headers, code] of steps) {
    const payload = '{"commandId'
    const { body } = await emulator.app.inject({
      method: 'POST', url: runCommandUrl(target), headers: { 'content-type': 'text/plain', ...headers }, payload
    })
    t.equal(JSON.parse(body).error.code, code)
  }
  t.equal((await runCommand(emulator, { commandId: 'x' })).json().error.code, 'NotFound')
  t.equal((await runCommand(emulator, { commandId: 'IPConfig' })).json().error.code, 'Conflict')
  t.equal((await runCommand(emulator, SHELL)).json().error.code, 'OperationNotAllowed')
})

t.test('says which methods a path has', async t => {
  const emulator = await build(t)
  for (const [method, path, allowed] of [
    ['GET', `${VM}/runCommand`, 'POST'],
    ['PUT', `${VM}/RUNCOMMAND/`, 'POST'],
    ['DELETE', VM, 'GET'],
    ['PATCH', '/subscriptions/', 'GET'],
    ['OPTIONS', `${COMPUTE}/locations/westus/runCommands`, 'GET']
  ] as const) {
    const { statusCode, headers, body } = await emulator.app.inject({ method, url: `${path}${QUERY}`, headers: AUTHORIZATION })
    t.equal(statusCode, 405, path)
    t.equal(headers['allow'], allowed)
    t.equal(JSON.parse(body).error.message, `The requested resource does not support http method '${method}'.`)
  }
  const { statusCode, body } = await emulator.app.inject({ method: 'HEAD', url: `${VM}${QUERY}`, headers: AUTHORIZATION })
  t.equal(statusCode, 405)
  t.equal(body, '')
})

t.test('says what it does not serve', async t => {
  const emulator = await build(t)
  for (const path of [
    '/', '/nothing', `${VM}/restart`, `${VM}/runCommand/x`, '/subscriptions/a/b/c', `${COMPUTE}/locations//runCommands`,
    VM.replace('/rg/', '//'), `${VM.slice(0, -2)}/runCommand`
  ]) {
    const { statusCode, body } = await get(emulator, `${path}${QUERY}`)
    t.equal(statusCode, 404, path)
    t.match(JSON.parse(body).error, { code: 'NotFound', message: `azrun serves no '${path}'` })
  }
  t.equal((await get(emulator, '/nothing')).json().error.code, 'MissingApiVersionParameter')
})

t.test('refuses a URL whose percent-encoding is broken', async t => {
  const emulator = await build(t)
  for (const url of [`${VM}%${QUERY}`, `${VM}%zz${QUERY}`, `${VM}%C3%28${QUERY}`]) {
    const { statusCode, body } = await get(emulator, url)
    t.equal(statusCode, 400, url)
    t.match(JSON.parse(body).error, { code: 'InvalidRequestUri', message: `The request URI '${url}'` })
  }
  t.equal((await get(emulator, `${VM}?api-version=%zz`)).json().error.code, 'InvalidApiVersionParameter')
})

t.test('takes names that are encoded, and shows them decoded', async t => {
  const emulator = await build(t)
  for (const name of ['a b', 'ä/ö', '../..', '😀', "';--", '{vmName}', '$&']) {
    const { statusCode, body } = await get(emulator, `${VM.slice(0, -2)}${encodeURIComponent(name)}${QUERY}`)
    t.equal(statusCode, 200, name)
    t.equal(JSON.parse(body).name, name)
  }
  emulator.virtualMachines.declare({ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm' })
  const { body } = await get(emulator, `${VM.slice(0, -2)}${encodeURIComponent('{resourceGroup}$&')}${QUERY}`)
  t.match(JSON.parse(body).error.message, "virtualMachines/{resourceGroup}$&' under resource group 'rg' was")
})

t.test('says of login and Graph what it does not serve, without asking for an api-version', async t => {
  const { app } = await build(t)
  const paths = { 'graph.microsoft.com': '/v1.0/users', 'login.microsoftonline.com': '/common/oauth2/v2.0/authorize' }
  for (const [host, url] of Object.entries(paths)) {
    const answer = await app.inject({ url, headers: { host } })
    t.equal(answer.statusCode, 404)
    t.match(answer.json().error, { code: 'NotFound', message: `azrun serves no '${url}'` })
  }
  const answer = await app.inject({ url: '/v1.0/users', headers: { host: 'management.azure.com' } })
  t.match(answer.json().error, { code: 'MissingApiVersionParameter' })
})

t.test('refuses what a web page sends', async t => {
  const emulator = await build(t, { host: 'azrun.example' })
  for (const origin of ['https://example.com', 'http://localhost', 'null', '']) {
    const { statusCode, body } = await runCommand(emulator, SHELL, { headers: { origin } })
    t.equal(statusCode, 403, origin)
    t.match(JSON.parse(body).error, { code: 'RequestRefused', message: `Origin header is '${origin}'` })
  }
  for (const host of ['evil.example', 'localhost.evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'x@localhost',
    'localhost:x', '127.1', 'localhost/', '[localhost]', '[::1', '::1']) {
    const { statusCode, body } = await runCommand(emulator, SHELL, { headers: { host } })
    t.equal(statusCode, 403, host)
    t.match(JSON.parse(body).error, { code: 'RequestRefused', message: `Host header is '${host}'` })
  }
  const ours = ['localhost', 'LOCALHOST:10900', '127.0.0.1:1', '[::1]:10900', '192.0.2.7', 'a.localhost', 'Azrun.Example']
  for (const host of ours) {
    t.equal((await get(emulator, `${VM}${QUERY}`, { host })).statusCode, 200, host)
  }
})

t.test('refuses a Host that is empty, and takes HTTP/1.0 without one', async t => {
  const emulator = await start(t)
  const rest = 'Authorization: Bearer x\r\nConnection: close\r\n\r\n'
  t.match(await converse(emulator, `GET ${VM}${QUERY} HTTP/1.1\r\nHost:\r\n${rest}`), /^HTTP\/1\.1 403 .*Host header is ''/s)
  t.match(await converse(emulator, `GET ${VM}${QUERY} HTTP/1.0\r\n${rest}`), /^HTTP\/1\.1 200 /)
})

t.test('takes the absolute form of a URL', async t => {
  const emulator = await start(t)
  t.match(await converse(emulator, `GET ${emulator.httpUrl}${VM}${QUERY} HTTP/1.1\r\nHost: localhost\r\n` +
    'Authorization: Bearer x\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 200 /)
})

t.test('refuses what a web page sends wherever it goes', async t => {
  const emulator = await build(t)
  for (const url of ['/', '/nothing', '/_emulator/health', '/_emulator/nothing', `${VM}/runCommand${QUERY}`]) {
    t.equal((await get(emulator, url, { origin: 'https://example.com' })).statusCode, 403, url)
    t.equal((await get(emulator, url, { host: 'evil.example' })).statusCode, 403, url)
  }
})

async function send ({ app }: Emulator, payload: string, headers: Record<string, string>) {
  const url = runCommandUrl({ vmName: `vm${Math.random()}` })
  return await app.inject({ method: 'POST', url, headers: { ...AUTHORIZATION, ...headers }, payload })
}
