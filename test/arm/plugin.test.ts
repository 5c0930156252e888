import t from 'tap'
import type { Emulator } from '../../src/index.js'
import { API_VERSION, AUTHORIZATION, build, get, runCommand, runCommandUrl, start, SUBSCRIPTION } from '../harness/emulator.js'
import { converse } from '../harness/wire.js'

const SHELL = { commandId: 'RunShellScript' }
const COMPUTE = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute`
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
const QUERY = `?api-version=${API_VERSION}`

t.test('accepts paths in any case, with a trailing slash, and with several leading slashes', async t => {
  // Recorded: captures have /resourcegroups/ and /virtualmachines/.
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

t.test('accepts the names of query parameters in any case or percent-encoded', async t => {
  const emulator = await build(t)
  for (const query of ['$expand=instanceView', '%24expand=instanceView', '%24expand=InstanceView']) {
    const { statusCode, body } = await get(emulator, `${VM}${QUERY}&${query}`)
    t.equal(statusCode, 200)
    t.match(JSON.parse(body).properties.instanceView, { computerName: 'vm' }, query)
  }
  t.notOk('instanceView' in (await get(emulator, `${VM}${QUERY}&$expand=userData`)).json().properties)
  for (const query of [`API-Version=${API_VERSION}`, `api%2Dversion=${API_VERSION}`, `x=1&x=2&api-version=${API_VERSION}`]) {
    t.equal((await get(emulator, `${VM}?${query}`)).statusCode, 200, query)
  }
})

t.test('joins the values of a repeated query parameter with commas', async t => {
  // Recorded: azure-powershell #16615, autorest.typescript #1035, azure-sdk-for-python #23561.
  const emulator = await build(t, { virtualMachineScaleSets: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'sets', name: 'ss' }] })
  const instances = `${VM.replace(/rg.*/, 'sets/providers/Microsoft.Compute/virtualMachineScaleSets/ss/virtualMachines')}${QUERY}`
  const errorOf = async (url: string) => {
    const { statusCode, body } = await get(emulator, url)
    const { code, message } = JSON.parse(body).error
    return `${statusCode} ${code}: ${message.replace(/ The supported .*/, '')}`
  }
  t.equal(await errorOf(`${VM}${QUERY}&$expand=instanceView&$expand=instanceView`),
    '400 InvalidParameter: The request URL is not valid.')
  t.equal(await errorOf(`${instances}&$expand=x&$expand=`), '400 InvalidParameter: The request URL is not valid.')
  for (const name of ['$filter', '$select']) {
    t.match(await errorOf(`${instances}&${name}=x&${name}=`), `400 InvalidParameter: The value of parameter ${name} is invalid.`)
  }
  t.equal(await errorOf(`${VM}${QUERY}&api-version=${API_VERSION}`), "404 InvalidResourceType: The resource type 'virtualMachines' " +
    `could not be found in the namespace 'Microsoft.Compute' for api version '${API_VERSION},${API_VERSION}'.`)
  t.equal(await errorOf('/subscriptions?api-version=2022-09-01&api-version=2022-09-01'),
    "400 InvalidApiVersionParameter: The api-version '2022-09-01,2022-09-01' is invalid.")
})

t.test('accepts only the media types of the contract', async t => {
  const emulator = await build(t)
  const accepted = ['application/json', 'text/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"']
  for (const mediaType of accepted) {
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

t.test('responds in the media type that the client prefers, if the contract has both', async t => {
  const emulator = await build(t, { respond: 'immediate' })
  const documents = `${COMPUTE}/locations/westus/runCommands`
  for (const [accept, expected] of [
    ['application/json', 'application/json'],
    ['text/json', 'text/json'],
    ['TEXT/JSON; charset=utf-8', 'text/json'],
    ['text/*', 'text/json'],
    // Recorded: az sends this Accept and gets this Content-Type.
    ['application/json, text/json', 'application/json'],
    ['text/json, application/json', 'text/json'],
    ['application/json;q=0.5, text/json', 'text/json'],
    ['text/json;q=0.5, */*', 'application/json'],
    ['text/json;q=0', 'application/json'],
    ['text/html', 'application/json'],
    ['*/*', 'application/json'],
    ['', 'application/json']
  ] as const) {
    const responses = [
      await get(emulator, `${documents}${QUERY}`, { accept }),
      await get(emulator, `${documents}/RunShellScript${QUERY}`, { accept }),
      await runCommand(emulator, SHELL, { headers: { accept } })
    ]
    for (const { headers } of responses) t.equal(headers['content-type'], `${expected}; charset=utf-8`, accept)
  }
  const only = await get(emulator, `${VM}${QUERY}`, { accept: 'text/json' })
  t.equal(only.headers['content-type'], 'application/json; charset=utf-8', 'the contract has only application/json')
})

t.test('accepts only the values of $expand in the contract', async t => {
  // The error is recorded for availability sets: azure-rest-api-specs #9130, azure-sdk-for-go #20576.
  const emulator = await build(t)
  for (const value of ['instanceView', 'instanceview', 'userData', 'USERDATA', '']) {
    t.equal((await get(emulator, `${VM}${QUERY}&$expand=${value}`)).statusCode, 200, value)
  }
  for (const value of ['instanceViews', 'instanceView,userData', 'x', '%0a', 'instanceView&$expand=userData']) {
    const response = await get(emulator, `${VM}${QUERY}&$expand=${value}`)
    t.equal(response.statusCode, 400, value)
    t.strictSame(response.json().error, {
      code: 'InvalidParameter', message: 'The request URL is not valid.', target: '$expand'
    })
  }
})

t.test('accepts only valid values of numeric, boolean and enum query parameters', async t => {
  const emulator = await build(t)
  const subscription = `/subscriptions/${SUBSCRIPTION}`
  const machines = `${VM.slice(0, VM.lastIndexOf('/'))}${QUERY}`
  for (const [url, good, bad, code] of [
    [`${subscription}/resourceGroups?api-version=2022-09-01&$top=`, ['5'], ['', 'five', '1.5', '5&$top=6'], 'InvalidTopInQueryString'],
    [`${subscription}/locations?api-version=2022-09-01&includeExtendedLocations=`, ['true', 'False'], ['', 'yes', '1'], 'InvalidParameter'],
    [`${machines}&$filter=virtualMachineScaleSet/id&$expand=`, ['instanceView', 'instanceview', ''], ['userData'], 'InvalidParameter']
  ] as const) {
    for (const value of good) t.equal((await get(emulator, url + value)).statusCode, 200, url + value)
    for (const value of bad) t.match((await get(emulator, url + value)).json().error, { code }, url + value)
  }
})

t.test('checks the api-version against the published ones according to --api-versions', async t => {
  // Recorded: the codes. Inferred: which of them an action returns.
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
    '2025-11-01': { newer: ok, published: ok, any: ok },
    '2026-03-01': { newer: ok, published: ok, any: ok },
    '2024-03-02': { newer: ok, published: unpublished, any: ok },
    '2024-12-01-preview': { newer: ok, published: unpublished, any: ok },
    '2024-03-01-preview': { newer: unpublished, published: unpublished, any: ok },
    '2024-02-29': { newer: unpublished, published: unpublished, any: ok },
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

t.test("checks Resource Manager's routes against its own versions, according to --api-versions", async t => {
  const malformed = 'InvalidApiVersionParameter'
  const cases = {
    '2022-12-01': { newer: undefined, published: undefined, any: undefined },
    '2024-03-02': { newer: undefined, published: malformed, any: undefined },
    '2025-03-01-preview': { newer: undefined, published: malformed, any: undefined },
    '2023-07-02': { newer: malformed, published: malformed, any: undefined },
    '2031-02-30': { newer: malformed, published: malformed, any: undefined }
  }
  for (const policy of ['newer', 'published', 'any'] as const) {
    const emulator = await build(t, { apiVersions: policy })
    for (const [apiVersion, expected] of Object.entries(cases)) {
      const { error } = (await get(emulator, `/subscriptions?api-version=${apiVersion}`)).json()
      t.equal(error?.code, expected[policy], `${policy}: ${apiVersion}`)
    }
  }
})

t.test('names the resource type that lacks the api-version', async t => {
  const emulator = await build(t)
  for (const [path, type] of [
    [VM, 'virtualMachines'],
    [`${COMPUTE}/virtualMachines`, 'virtualMachines'],
    [`${COMPUTE}/locations/westus/runCommands`, 'locations/runCommands'],
    [`${COMPUTE}/locations/westus/operations/1`, 'locations/operations']
  ]) {
    const { message } = (await get(emulator, `${path}?api-version=2019-01-01`)).json().error
    t.match(message, `The resource type '${type}' could not be found`)
  }
})

t.test("the URLs of a 202 contain the request's api-version, percent-encoded", async t => {
  const emulator = await build(t, { apiVersions: 'any' })
  const { headers } = await runCommand(emulator, SHELL, { apiVersion: 'a%0d%0ab%26c%3D' })
  t.match(headers['location'], /\?p=[\w-]+&monitor=true&api-version=a%0D%0Ab%26c%3D&t=/)
  t.match(headers['azure-asyncoperation'], /\?p=[\w-]+&api-version=a%0D%0Ab%26c%3D&t=/)
  t.equal((await get(emulator, `${headers['location']}`)).statusCode, 200)
})

t.test('requires a bearer token, and names its tenant in the challenge', async t => {
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
    const response = await emulator.app.inject({ method: 'POST', url: runCommandUrl(), headers, body: SHELL })
    t.equal(response.statusCode, 401, `${authorization}`)
    t.equal(response.json().error.code, 'AuthenticationFailed')
    t.match(response.json().error.message, message)
    // Recorded in the tests of azcore, azure-sdk-for-net and azure-identity.
    t.equal(response.headers['www-authenticate'], `Bearer authorization_uri="https://login.windows.net/${tenantId}", ` +
      'error="invalid_token", error_description="The authentication failed because of missing \'Authorization\' header."')
  }
  for (const authorization of ['Bearer x', 'bearer x', 'BEARER  x.y.z']) {
    t.equal((await get(emulator, `${VM}${QUERY}`, { authorization })).statusCode, 200, authorization)
  }
})

t.test("checks a request in Azure's order, and its body last", async t => {
  // Inferred from captures. Recorded: an unknown subscription is reported even without a token, and before the version
  // is checked.
  const virtualMachines = [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm', powerState: 'stopped' as const }]
  const emulator = await build(t, { strict: true, virtualMachines })
  const unknown = '00000000-0000-0000-0000-000000000000'
  const steps = [
    [{ apiVersion: '', subscriptionId: 'x', resourceGroup: 'x', vmName: 'x' }, {}, 'MissingApiVersionParameter'],
    [{ apiVersion: '2000-01-01', subscriptionId: 'x', resourceGroup: 'x', vmName: 'x' }, {}, 'InvalidSubscriptionId'],
    [{ apiVersion: '2000-01-01', subscriptionId: unknown, resourceGroup: 'x', vmName: 'x' }, {}, 'SubscriptionNotFound'],
    [{ apiVersion: '2000-01-01', resourceGroup: 'x', vmName: 'x' }, {}, 'InvalidResourceType'],
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

t.test('refuses an unsupported method, and lists the supported ones in Allow', async t => {
  const emulator = await build(t)
  for (const [method, path, allowed] of [
    ['GET', `${VM}/runCommand`, 'POST'],
    ['PUT', `${VM}/RUNCOMMAND/`, 'POST'],
    ['DELETE', `${VM}/instanceView`, 'GET'],
    ['POST', VM, 'GET'],
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

t.test('says that it does not serve a method that Azure has for the resource', async t => {
  const emulator = await build(t)
  const nic = VM.replace('Compute/virtualMachines/vm', 'Network/networkInterfaces/vm-nic')
  for (const [method, path] of [
    ['PUT', VM],
    ['PATCH', VM],
    ['DELETE', `${VM}/`],
    ['DELETE', VM.replace('virtualMachines/vm', 'virtualMachineScaleSets/ss')],
    ['PUT', VM.replace('virtualMachines/vm', 'virtualMachineScaleSets/ss/virtualMachines/0')],
    ['PATCH', nic]
  ] as const) {
    const { statusCode, headers, body } = await emulator.app.inject({ method, url: `${path}${QUERY}`, headers: AUTHORIZATION })
    t.equal(statusCode, 405, path)
    t.equal(headers['allow'], 'GET')
    const message = `azrun does not serve ${method} of '${path}'. See /_emulator/docs for the supported operations.`
    t.strictSame(JSON.parse(body), { error: { code: 'MethodNotAllowed', message } })
  }
})

t.test('refuses an unknown path, and names it', async t => {
  const emulator = await build(t)
  for (const path of [
    '/', '/nothing', `${VM}/reimage`, `${VM}/runCommand/x`, '/subscriptions/a/b/c', `${COMPUTE}/locations//runCommands`,
    VM.replace('/rg/', '//'), `${VM.slice(0, -2)}/runCommand`
  ]) {
    const { statusCode, body } = await get(emulator, `${path}${QUERY}`)
    t.equal(statusCode, 404, path)
    t.match(JSON.parse(body).error, { code: 'NotFound', message: `azrun does not serve '${path}'` })
  }
  t.equal((await get(emulator, '/nothing')).json().error.code, 'MissingApiVersionParameter')
})

t.test('refuses a URL with invalid percent-encoding', async t => {
  const emulator = await build(t)
  for (const url of [`${VM}%${QUERY}`, `${VM}%zz${QUERY}`, `${VM}%C3%28${QUERY}`]) {
    const { statusCode, body } = await get(emulator, url)
    t.equal(statusCode, 400, url)
    t.match(JSON.parse(body).error, { code: 'InvalidRequestUri', message: `The request URI '${url}'` })
  }
  t.equal((await get(emulator, `${VM}?api-version=%zz`)).json().error.code, 'InvalidApiVersionParameter')
})

t.test('accepts encoded names, and returns them decoded', async t => {
  const emulator = await build(t)
  for (const name of ['äö', 'Ωmega', '\u4e00_1']) {
    const { statusCode, body } = await get(emulator, `${VM.slice(0, -2)}${encodeURIComponent(name)}${QUERY}`)
    t.equal(statusCode, 200, name)
    t.equal(JSON.parse(body).name, name)
  }
})

t.test('refuses machines and resource groups with invalid names as not found', async t => {
  const emulator = await build(t)
  const missing = async (path: string) => {
    const { statusCode, json } = await get(emulator, `${path}${QUERY}`)
    return `${statusCode} ${json().error.code} ${json().error.message}`
  }
  for (const name of ['a b', 'ä/ö', '../..', '😀', "';--", '{vmName}', '$&', 'a\0b', 'a%00b', 'x'.repeat(8000)]) {
    const shown = name.slice(0, 20)
    const vm = await missing(`${VM.slice(0, -2)}${encodeURIComponent(name)}`)
    t.ok(vm.startsWith(`404 ResourceNotFound The Resource 'Microsoft.Compute/virtualMachines/${shown}`), JSON.stringify(shown))
    const group = await missing(VM.replace('/rg/', `/${encodeURIComponent(name)}/`))
    t.ok(group.startsWith(`404 ResourceGroupNotFound Resource group '${shown}`), JSON.stringify(shown))
  }
  t.match(await missing(VM.replace(/\/providers.*/, '').replace(/rg$/, 'r%252Fg')),
    "400 InvalidResourceGroup The provided resource group name 'r%2Fg' has these invalid characters: '%'.")
})

t.test('refuses an unknown path of login and Graph without requiring an api-version', async t => {
  const { app } = await build(t)
  const paths = { 'graph.microsoft.com': '/v1.0/users', 'login.microsoftonline.com': '/common/oauth2/v2.0/logout' }
  for (const [host, url] of Object.entries(paths)) {
    const response = await app.inject({ url, headers: { host } })
    t.equal(response.statusCode, 404)
    t.match(response.json().error, { code: 'NotFound', message: `azrun does not serve '${url}'` })
  }
  const response = await app.inject({ url: '/v1.0/users', headers: { host: 'management.azure.com' } })
  t.match(response.json().error, { code: 'MissingApiVersionParameter' })
})

t.test('refuses an unsupported method without a body, even where Fastify expects one', async t => {
  const { app } = await build(t)
  for (const method of ['PUT', 'QUERY', 'PROPFIND'] as const) {
    const response = await app.inject({ method: method as 'PUT', url: `${VM}${QUERY}`, headers: { authorization: 'Bearer any' } })
    t.equal(response.statusCode, 405, method)
    t.match(response.json().error, { code: 'MethodNotAllowed' }, method)
    t.equal(response.headers['allow'], 'GET', method)
  }
})

t.test('refuses a request with any Origin, or with the Host of another site', async t => {
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

t.test('refuses an empty Host, and accepts HTTP/1.0 without Host', async t => {
  const emulator = await start(t)
  const rest = 'Authorization: Bearer x\r\nConnection: close\r\n\r\n'
  t.match(await converse(emulator, `GET ${VM}${QUERY} HTTP/1.1\r\nHost:\r\n${rest}`), /^HTTP\/1\.1 403 .*Host header is ''/s)
  t.match(await converse(emulator, `GET ${VM}${QUERY} HTTP/1.0\r\n${rest}`), /^HTTP\/1\.1 200 /)
})

t.test('accepts the absolute form of a URL', async t => {
  const emulator = await start(t)
  t.match(await converse(emulator, `GET ${emulator.httpUrl}${VM}${QUERY} HTTP/1.1\r\nHost: localhost\r\n` +
    'Authorization: Bearer x\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 200 /)
})

t.test('refuses requests from web pages on every path', async t => {
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
