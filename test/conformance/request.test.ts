import t from 'tap'
import { Conformance } from '../../src/conformance/conformance.js'
import type { Exchange } from '../../src/conformance/contract.js'
import { readDocument } from '../../src/http/openapi.js'
import { runCommandUrl, SUBSCRIPTION } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'

const conformance = new Conformance(() => readDocument('arm.json'))
const JSON_TYPE = { 'content-type': 'application/json' }
const MACHINES = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines`

interface Sent extends Partial<Exchange> {
  readonly body?: string
  readonly headers?: Record<string, string>
}

/** The findings of a request without a recorded response, as `severity path: message`. */
function found ({ body, headers = JSON_TYPE, method = 'GET', url = '', ...others }: Sent) {
  const request = { headers, ...body !== undefined && { body } }
  const exchange = { method, url, request, response: { headers: {} }, ...others }
  const findings = conformance.findingsOf(exchange)
  t.equal(conformance.countFindings(exchange), findings.length)
  t.ok(findings.every(({ rule }) => rule === 'contract'))
  return findings.map(({ severity, path, message }) => `${severity} ${path}: ${message}`)
}

const run = (body?: string, url = runCommandUrl()) => found({ method: 'POST', url, ...body !== undefined && { body } })

t.test('a request that keeps to the contract has no findings', async t => {
  t.strictSame(run('{"commandId":"RunShellScript","script":["df"],"parameters":[{"name":"a","value":"b"}]}'), [])
  t.strictSame(found({ url: `${MACHINES}?api-version=2024-03-01&statusOnly=true` }), [])
})

t.test('a mistake in a body that Azure accepts is a warning with the member', async t => {
  t.strictSame(run('{"CommandId":"RunShellScript","script":["a",5,null],"parameters":[{"name":"a","Value":true}]}'), [
    "warning request.body.CommandId: member 'CommandId' has the wrong case: write 'commandId'",
    "warning request.body.script[1]: 'script[1]' is the number 5, which Azure converts to text: send text",
    "warning request.body.script[2]: 'script[2]' is null, which Azure treats as absent: leave it out",
    "warning request.body.parameters[0].Value: member 'Value' has the wrong case: write 'value'",
    "warning request.body.parameters[0].Value: 'parameters[0].Value' is true, which Azure converts to text: send text"
  ])
  t.strictSame(run('{"commandId":"x","script":""} // done'), [
    "warning request.body.script: 'script' is an empty text, which Azure treats as absent: leave it out",
    'warning request.body: the body is not valid JSON, although Azure accepts it: send JSON (RFC 8259)'
  ])
})

t.test("a mistake in a body that Azure refuses is an error with Azure's message", async t => {
  t.strictSame(run('{"commandId":"x","timeout":1}'), [
    "error request.body.timeout: Azure refuses the body: Could not find member 'timeout' on object of type 'RunCommandInput'. Path 'timeout', line 1, position 27."
  ])
  matchList(t, run('{"commandId":"x","time.out":1}'), [/^error request\.body\['time\.out'\]: /])
  t.strictSame(run('{"script":[]}'), [
    "error request.body.commandId: Azure refuses the body: Required parameter 'commandId' is missing (null)."
  ])
  t.strictSame(run('null'), ['error request.body: VirtualMachines_RunCommand was called without a body: it is empty or null'])
  t.strictSame(run(), ['error request.body: VirtualMachines_RunCommand was called without a body'])
  matchList(t, run('[]'), [/^error request\.body: Azure refuses the body: Cannot deserialize the current JSON array/])
})

t.test('an optional body may be missing, empty or null', async t => {
  // az sends such bodies for `vmss start` and `vmss deallocate`.
  const url = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute` +
    '/virtualMachineScaleSets/ss/start?api-version=2024-03-01'
  for (const body of [undefined, '', 'null']) t.strictSame(found({ method: 'POST', url, ...body !== undefined && { body } }), [])
  matchList(t, found({ method: 'POST', url, body: '[]' }), [/^error request\.body: Azure refuses the body: /])
})

t.test('a body that was not recorded has no findings', async t => {
  const sent = { ...JSON_TYPE, 'content-length': '20' }
  t.strictSame(found({ method: 'POST', url: runCommandUrl(), headers: sent }), [])
  t.strictSame(found({ method: 'POST', url: runCommandUrl(), headers: { ...JSON_TYPE, 'transfer-encoding': 'chunked' } }), [])
  t.strictSame(run('<redacted>'), [])
})

t.test('a body with another Content-Type or none is an error', async t => {
  const url = runCommandUrl()
  t.strictSame(found({ method: 'POST', url, headers: { 'content-type': 'text/plain' }, body: '{"commandId":"x"}' }),
    ["error request.headers.Content-Type: the body has Content-Type 'text/plain': send application/json"])
  t.strictSame(found({ method: 'POST', url, headers: {}, body: '{"commandId":"x"}' }),
    ['error request.headers.Content-Type: the body has no Content-Type: send application/json'])
  t.strictSame(found({ method: 'POST', url, headers: { 'content-length': '9' } }),
    ['error request.headers.Content-Type: the body has no Content-Type: send application/json'], 'a body that azrun did not read')
  t.strictSame(found({ method: 'POST', url, headers: { 'content-type': 'Text/JSON; charset=utf-8' }, body: '{"commandId":"x"}' }), [])
})

t.test('the api-version is checked against the published versions', async t => {
  const versions = {
    '': 'error request.query.api-version: VirtualMachines_ListAll was called without an api-version: send one such as 2026-04-01',
    soon: "error request.query.api-version: api-version 'soon' of VirtualMachines_ListAll is not a date such as 2026-04-01",
    '2016-03-31': "error request.query.api-version: api-version '2016-03-31' of VirtualMachines_ListAll is not published: use 2026-04-01",
    '2024-05-01-preview': "warning request.query.api-version: api-version '2024-05-01-preview' of VirtualMachines_ListAll is deprecated, as is a preview once a newer version is out: use 2026-04-01",
    '2024-07-02': "warning request.query.api-version: api-version '2024-07-02' of VirtualMachines_ListAll is not one that azrun knows to be published: use 2026-04-01",
    '2024-03-01-preview': "error request.query.api-version: api-version '2024-03-01-preview' of VirtualMachines_ListAll is not published: use 2026-04-01",
    '2025-01-01-Beta': "warning request.query.api-version: api-version '2025-01-01-Beta' of VirtualMachines_ListAll is deprecated, as is a preview once a newer version is out: use 2026-04-01",
    '2025-02-30': "error request.query.api-version: api-version '2025-02-30' of VirtualMachines_ListAll is not a date such as 2026-04-01",
    '2026-04-01-preview': "note request.query.api-version: api-version '2026-04-01-preview' of VirtualMachines_ListAll is newer than those that azrun knows to be published",
    'a%0A%20b': "error request.query.api-version: api-version 'a b' of VirtualMachines_ListAll is not a date such as 2026-04-01",
    '2029-01-01': "note request.query.api-version: api-version '2029-01-01' of VirtualMachines_ListAll is newer than those that azrun knows to be published"
  }
  for (const [version, finding] of Object.entries(versions)) {
    t.strictSame(found({ url: `https://management.azure.com${MACHINES}?api-version=${version}` }), [finding])
  }
})

t.test('of several api-versions the ones that azrun reads are checked', async t => {
  const query = (text: string) => found({ url: `${MACHINES}?${text}` })
  t.strictSame(query('API-Version=2016-01-01&api-version=2024-03-01'), [
    "warning request.query.API-Version: query parameter 'API-Version' has the wrong case: write 'api-version'"
  ])
  t.strictSame(query('api-version=soon&api-version=2024-03-01'), [
    "error request.query.api-version: api-version 'soon,2024-03-01' of VirtualMachines_ListAll is not a date such as 2026-04-01",
    "warning request.query.api-version: query parameter 'api-version' is sent 2 times, and Azure joins its values with commas: send it once"
  ])
})

t.test('an api-version that an operation does not have yet is reported', async t => {
  t.strictSame(found({ url: `${MACHINES}?api-version=2016-03-30` }), [])
  t.strictSame(run('{"commandId":"x"}', runCommandUrl({ apiVersion: '2017-03-30' })), [])
  t.strictSame(run('{"commandId":"x"}', runCommandUrl({ apiVersion: '2016-03-30' })), [
    "error request.query.api-version: api-version '2016-03-30' of VirtualMachines_RunCommand is not published: use 2026-04-01"
  ])
})

t.test('query parameters are checked for their name, case, count and value', async t => {
  const query = (text: string) => found({ url: `${MACHINES}?${text}` })
  t.strictSame(query('API-Version=2024-03-01&x=1'), [
    "warning request.query.API-Version: query parameter 'API-Version' has the wrong case: write 'api-version'",
    "warning request.query.x: query parameter 'x' is not in the contract: remove it"
  ])
  t.strictSame(query('api-version=2024-03-01&api-version=2024-03-01'), [
    "error request.query.api-version: api-version '2024-03-01,2024-03-01' of VirtualMachines_ListAll is not a date such as 2026-04-01",
    "warning request.query.api-version: query parameter 'api-version' is sent 2 times, and Azure joins its values with commas: send it once"
  ])
  t.strictSame(query('api-version=2024-03-01&$expand=INSTANCEVIEW'), [
    "warning request.query.$expand: the value 'INSTANCEVIEW' of query parameter '$expand' has the wrong case: write 'instanceView'"
  ])
  t.strictSame(query('api-version=2024-03-01&$expand=all'), [
    "error request.query.$expand: the value 'all' of query parameter '$expand' must be instanceView"
  ])
  t.strictSame(query('api-version=2024-03-01&$expand=instanceView&$expand=instanceView'), [
    "error request.query.$expand: the value 'instanceView,instanceView' of query parameter '$expand' must be instanceView",
    "warning request.query.$expand: query parameter '$expand' is sent 2 times, and Azure joins its values with commas: send it once"
  ])
  const groups = (text: string) => found({ url: `${MACHINES.replace(/providers.*/, 'resourceGroups')}?api-version=2022-09-01&${text}` })
  t.strictSame(groups('$top=five'), ["error request.query.$top: the value 'five' of query parameter '$top' must be a whole number from 1 to 1000"])
  t.strictSame(groups('$top=0'), ["error request.query.$top: the value '0' of query parameter '$top' must be a whole number from 1 to 1000"])
  t.strictSame(groups('$top=5&$skiptoken=x'), [])
})

t.test('the values of a list in a query are checked one by one', async t => {
  const expand = (value: string) => found({ url: `${MACHINES.replace(/providers.*/, 'resources')}?api-version=2022-09-01&$expand=${value}` })
  t.strictSame(expand('createdTime,%20provisioningState'), [])
  t.strictSame(expand(''), [])
  t.strictSame(expand('bogus,CHANGEDTIME'), [
    "warning request.query.$expand: the value 'bogus' of query parameter '$expand' is not one of createdTime, changedTime, provisioningState: leave it out",
    "warning request.query.$expand: the value 'CHANGEDTIME' of query parameter '$expand' has the wrong case: write 'changedTime'"
  ])
})

t.test('the body of a registration is checked', async t => {
  const register = (body?: string) => found({
    method: 'POST', url: `${MACHINES.replace(/virtualMachines$/, 'register')}?api-version=2022-09-01`, ...body !== undefined && { body }
  })
  t.strictSame(register(), [])
  t.strictSame(register('{"thirdPartyProviderConsent":{"consentToAuthorization":true}}'), [])
  matchList(t, register('{"consent":true}'), [/^error request\.body\.consent: Azure refuses the body: Could not find member 'consent'/])
})

t.test('path parameters are checked for their format and length', async t => {
  matchList(t, run('{"commandId":"x"}', runCommandUrl({ subscriptionId: 'mine', vmName: 'a%20b' })), [
    /^error request\.path\.subscriptionId: the value 'mine' of path parameter 'subscriptionId' does not match/,
    /^error request\.path\.vmName: the value 'a b' of path parameter 'vmName' does not match/
  ])
  t.strictSame(run('{"commandId":"x"}', runCommandUrl({ vmName: 'v'.repeat(64) })), [])
  matchList(t, run('{"commandId":"x"}', runCommandUrl({ vmName: 'v'.repeat(65) })), [/ has more than 64 characters$/])
  const escaped = runCommandUrl().replace('virtualMachines', '%76irtualMachines')
  t.strictSame(found({ method: 'POST', url: escaped, operation: 'VirtualMachines_RunCommand', body: '{"commandId":"x"}' }), [],
    'an escape where the contract has no parameter')
})

t.test('a method that Azure has and azrun does not is only a note', async t => {
  const machine = runCommandUrl().replace('/runCommand', '')
  t.strictSame(found({ method: 'DELETE', url: machine }),
    ['note request.method: azrun does not serve DELETE of this path, which Azure has: the contract check ignores it'])
  t.strictSame(found({ method: 'POST', url: machine }),
    ['error request.method: method POST is not in the contract of this path: use GET'])
})

t.test('a path that Azure has and azrun does not is only a note, whatever is below it and at any scope', async t => {
  const compute = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute`
  const machine = runCommandUrl().replace(/\/runCommand.*/, '')
  for (const path of [
    `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Storage/unregister`, `${compute}/skus`, `${compute}/locations/westus/usages`,
    `${compute}/locations/westus/vmSizes`, `${machine}/extensions/a`, `${machine}/REIMAGE`, `${machine}/providers/Microsoft.Insights/metrics`,
    machine.replace('virtualMachines/vm', 'disks/d/beginGetAccess'),
    machine.replace('Microsoft.Compute/virtualMachines/vm', 'Microsoft.Resources/deployments/d'), '/providers/Microsoft.Compute/operations'
  ]) {
    t.strictSame(found({ method: 'POST', url: `${path}?api-version=2024-03-01` }),
      [`note request.url: azrun does not serve the path '${path.slice(0, 100)}${path.length > 100 ? '...' : ''}', which Azure has: the contract check ignores it`])
  }
  for (const path of [`${machine}/reimages`, `${compute}/virtualMachine/vm`, `${compute}/locations/westus`, `${machine}/runCommand/x`]) {
    matchList(t, found({ url: `${path}?api-version=2024-03-01` }), [/^error request\.url: no operation of the contract has the path /])
  }
})

t.test('a path or a method without an operation is an error, but not outside Resource Manager', async t => {
  t.strictSame(found({ url: '/subscriptions/x/no/such?api-version=1' }),
    ["error request.url: no operation of the contract has the path '/subscriptions/x/no/such'"])
  t.strictSame(found({ method: 'PUT', url: runCommandUrl() }),
    ['error request.method: method PUT is not in the contract of this path: use POST'])
  t.strictSame(found({ method: 'POST', url: MACHINES.replace(/providers.*/, 'resourceGroups/rg') }),
    ['error request.method: method POST is not in the contract of this path: use GET or HEAD or PUT or PATCH or DELETE'])
  matchList(t, found({ method: 'PUT', url: runCommandUrl().replace('?', '/?') }), [/^error request\.method: /])
  t.strictSame(found({ url: '/providers/Microsoft.Web/operations?api-version=1' }),
    ["error request.url: no operation of the contract has the path '/providers/Microsoft.Web/operations'"])
  t.strictSame(found({ url: '/favicon.ico' }), [])
  t.strictSame(found({ method: 'POST', url: '/common/oauth2/v2.0/token', operation: 'Token_Issue' }), [])
})

t.test('a fragment in a URL is an error, and the only finding of its request', async t => {
  for (const [url, fragment] of [
    [`${MACHINES}#x?api-version=2024-03-01`, '#x?api-version=2024-03-01'],
    [`https://management.azure.com${MACHINES}?api-version=2024-03-01#`, '#'],
    [`${MACHINES}/no/such#?`, '#?']
  ] as const) {
    t.strictSame(found({ url }), [
      `error request.url: the URL has the fragment '${fragment}', which HTTP allows in no request: leave it out, or write # as %23`
    ])
  }
  t.strictSame(found({ url: '/favicon.ico#x' }), [])
  t.strictSame(found({ url: `${MACHINES}?api-version=2024-03-01&$filter=%23` }), [])
})

t.test('a poll of the Location in the published sample, which lacks the question mark, has no findings', async t => {
  const url = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/operations/x&monitor=true&api-version=2024-03-01`
  t.strictSame(found({ url, operation: 'Operations_Get' }), [])
})

t.test('a body with a thousand mistakes has 50 findings', async t => {
  const body = JSON.stringify({ commandId: 'x', script: Array.from({ length: 1000 }, () => 1) })
  t.equal((run(body)).length, 50)
})
