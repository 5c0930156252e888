import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import t from 'tap'
import { MemoryStore, scaleSetId, VirtualClock, virtualMachineId, type Emulator, type VirtualMachineDeclaration } from '../../../src/index.js'
import { callAdmin } from '../../harness/admin.js'
import { affect } from '../../harness/effects.js'
import { AUTHORIZATION, build, get, runCommand, SUBSCRIPTION } from '../../harness/emulator.js'
import { endless } from '../../harness/execution.js'
import { matchList } from '../../harness/match-list.js'
import { slow } from '../../harness/remote-store.js'

const ROOT = `/subscriptions/${SUBSCRIPTION}`
const QUERY = '?api-version=2022-09-01'

const virtualMachines: readonly VirtualMachineDeclaration[] = [
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'front', location: 'eastus' }
]

t.test('PUT creates a resource group, and replaces its tags when it is repeated', async t => {
  const emulator = await build(t)
  const created = await send(emulator, 'PUT', 'New', { location: 'East US', tags: { Owner: 'ada' } })
  t.equal(created.statusCode, 201)
  // Recorded: azcli_managed_vm_2024-07-01, exchange 23.
  t.equal(created.body, `{"id":"${ROOT}/resourceGroups/New","name":"New","type":"Microsoft.Resources/resourceGroups",` +
    '"location":"eastus","tags":{"Owner":"ada"},"properties":{"provisioningState":"Succeeded"}}')
  t.equal(created.headers['x-ms-ratelimit-remaining-subscription-writes'], '199')
  const again = await send(emulator, 'PUT', 'NEW', { location: 'eastus' })
  t.equal(again.statusCode, 200)
  t.match(again.json(), { name: 'New' })
  t.notOk('tags' in again.json())
  t.match((await get(emulator, `${ROOT}/resourceGroups/new${QUERY}`)).json(), { name: 'New', location: 'eastus' })
})

t.test('PUT does not create the resource group of a declared machine, which exists', async t => {
  const { statusCode, json } = await send(await build(t, { virtualMachines }), 'PUT', 'WEB', { location: 'eastus' })
  t.equal(statusCode, 200)
  t.equal(json().name, 'web')
})

t.test('PATCH replaces only the members of a resource group that it has', async t => {
  const emulator = await build(t, { virtualMachines })
  await send(emulator, 'PUT', 'new', { location: 'eastus', tags: { a: '1' }, managedBy: 'me' })
  const { statusCode, body } = await send(emulator, 'PATCH', 'new', { tags: { b: '2' } })
  t.equal(statusCode, 200)
  t.match(JSON.parse(body), { location: 'eastus', managedBy: 'me', tags: { b: '2' } })
  t.match((await send(emulator, 'PATCH', 'new', { managedBy: 'you' })).json(), { managedBy: 'you', tags: { b: '2' } })
  t.match((await send(emulator, 'PATCH', 'web', { tags: { c: '3' } })).json(), { location: 'eastus', tags: { c: '3' } })
  t.strictSame((await send(emulator, 'PATCH', 'web', {})).json().tags, { c: '3' }, 'without tags it keeps them')
  const { value } = (await get(emulator, `${ROOT}/resourceGroups${QUERY}`)).json()
  matchList(t, value, [{ name: 'web', tags: { c: '3' } }, { name: 'new', tags: { b: '2' } }])
})

t.test('lists resource groups by $filter of tags', async t => {
  const emulator = await build(t, { virtualMachines })
  await send(emulator, 'PUT', 'one', { location: 'westus', tags: { Team: 'a' } })
  await send(emulator, 'PUT', 'two', { location: 'westus', tags: { Team: 'b' } })
  for (const [query, names] of [
    ["&$filter=tagname eq 'team'", ['one', 'two']],
    ["&$filter=tagName eq 'Team' and tagValue eq 'b'", ['two']],
    ["&$filter=tagName eq 'Team' and tagValue eq 'B'", []]
  ] as const) {
    const { value } = (await get(emulator, encodeURI(`${ROOT}/resourceGroups${QUERY}${query}`))).json()
    t.strictSame(value.map(({ name }: { name: string }) => name), names, query)
  }
  for (const filter of ["name eq 'x'", "tagName eq 'Team' or tagName eq 'Owner'"]) {
    const { statusCode, body } = await get(emulator, encodeURI(`${ROOT}/resourceGroups${QUERY}&$filter=${filter}`))
    t.equal(statusCode, 400)
    t.equal(body, '{"error":{"code":"InvalidFilterInQueryString","message":"' +
      `Invalid $filter '${filter}' specified in the query string."}}`, 'recorded: azure-sdk-for-go #2480')
  }
})

t.test('DELETE removes a resource group with its machines, by an operation that has only a Location', async t => {
  // Recorded: azure-sdk-for-js, azure-xplat-cli.
  const emulator = await build(t, { virtualMachines, pace: 'azure' })
  const { statusCode, body, headers } = await send(emulator, 'DELETE', 'WEB')
  t.strictSame([statusCode, body], [202, ''])
  t.equal(headers['retry-after'], '15')
  t.notOk('azure-asyncoperation' in headers)
  t.equal(headers['x-ms-ratelimit-remaining-subscription-deletes'], '199')
  const [, job = ''] = /\/operationresults\/(\w+)\?api-version=2022-09-01$/.exec(`${headers['location']}`) ?? []
  t.equal(`${Buffer.from(job, 'base64url')}`, '{"jobId":"RESOURCEGROUPDELETIONJOB-WEB-EASTUS","jobLocation":"eastus"}')
  const ended = await get(emulator, `${headers['location']}`)
  t.strictSame([ended.statusCode, ended.body], [200, ''])
  for (const [path, apiVersion] of [
    ['', '2022-09-01'],
    ['/providers/Microsoft.Compute/virtualMachines', '2024-07-01'],
    ['/providers/Microsoft.Compute/virtualMachines/front', '2024-07-01']
  ] as const) {
    const response = await get(emulator, `${ROOT}/resourceGroups/web${path}?api-version=${apiVersion}`)
    t.match(response.json().error, { code: 'ResourceGroupNotFound' }, path)
  }
  t.strictSame((await get(emulator, `${ROOT}/resourceGroups${QUERY}`)).json(), { value: [] })
  t.equal((await send(emulator, 'DELETE', 'web')).json().error.code, 'ResourceGroupNotFound')
  t.equal((await send(emulator, 'HEAD', 'web')).statusCode, 404)
})

t.test('an undeclared resource group exists until it is deleted, and again after a PUT', async t => {
  const emulator = await build(t)
  t.equal((await send(emulator, 'HEAD', 'a_b')).statusCode, 204)
  const { headers } = await send(emulator, 'DELETE', 'a_b')
  t.equal((await get(emulator, `${headers['location']}`)).statusCode, 200)
  t.equal((await runCommand(emulator, { commandId: 'RunShellScript' }, { resourceGroup: 'a_b' })).statusCode, 404)
  t.equal((await send(emulator, 'PUT', 'a_b', { location: 'eastus' })).statusCode, 201)
  t.equal((await runCommand(emulator, { commandId: 'RunShellScript' }, { resourceGroup: 'a_b' })).statusCode, 202)
})

t.test('a deleted resource group exists again after a declaration in it, and after a reset', async t => {
  const emulator = await build(t, { virtualMachines })
  await send(emulator, 'DELETE', 'web')
  await send(emulator, 'DELETE', 'other')
  await emulator.virtualMachines.declare({ subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'back' })
  await emulator.scaleSets.declare({ subscriptionId: SUBSCRIPTION, resourceGroup: 'other', name: 'ss' })
  for (const name of ['web', 'other']) t.equal((await send(emulator, 'HEAD', name)).statusCode, 204, name)
  await emulator.virtualMachines.remove(virtualMachineId(SUBSCRIPTION, 'web', 'back'))
  await emulator.scaleSets.remove(scaleSetId(SUBSCRIPTION, 'other', 'ss'))
  t.equal((await send(emulator, 'HEAD', 'web')).statusCode, 204)
  t.equal((await send(emulator, 'HEAD', 'other')).statusCode, 204)
  t.strictSame((await get(emulator, `${ROOT}/resourceGroups${QUERY}`)).json(), { value: [] }, 'though nobody has created it')
  for (const name of ['web', 'other']) await send(emulator, 'DELETE', name)
  await emulator.reset({ subscriptionId: SUBSCRIPTION, resourceGroup: 'web', vmName: 'front' })
  await emulator.virtualMachines.remove(virtualMachineId(SUBSCRIPTION, 'web', 'front'))
  t.strictSame([(await send(emulator, 'HEAD', 'web')).statusCode, (await send(emulator, 'HEAD', 'other')).statusCode], [204, 404])
  await emulator.reset()
  t.equal((await send(emulator, 'HEAD', 'other')).statusCode, 204)
  const { value } = (await get(emulator, `${ROOT}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines?api-version=2022-11-01`)).json()
  t.strictSame(value.map(({ name }: { name: string }) => name), ['front'])
})

t.test('DELETE preempts the run commands in the resource group', async t => {
  const emulator = await build(t, { virtualMachines, executor: endless })
  const run = await runCommand(emulator, { commandId: 'RunShellScript' }, { resourceGroup: 'web', vmName: 'front' })
  t.equal(run.statusCode, 202)
  const { headers } = await send(emulator, 'DELETE', 'web')
  t.equal((await get(emulator, `${headers['location']}`)).statusCode, 200)
  const { status, error } = (await get(emulator, `${run.headers['azure-asyncoperation']}`)).json()
  t.strictSame([status, error.code], ['Failed', 'OperationPreempted'])
})

t.test('a resource group that is being deleted is Deleting, and a second DELETE gets the same operation', async t => {
  const emulator = await build(t, { virtualMachines, delay: 600_000, pace: 'azure' })
  const first = await send(emulator, 'DELETE', 'web')
  const second = await send(emulator, 'DELETE', 'web')
  t.equal(second.statusCode, 202)
  t.equal(second.headers['location'], first.headers['location'])
  t.match((await get(emulator, `${ROOT}/resourceGroups/web${QUERY}`)).json(), { properties: { provisioningState: 'Deleting' } })
  const poll = await get(emulator, `${first.headers['location']}`)
  t.strictSame([poll.statusCode, poll.headers['location'], poll.headers['retry-after']], [202, first.headers['location'], '15'])
})

t.test('a resource group that is created again has nothing of the deleted one', async t => {
  const emulator = await build(t)
  const machine = `${ROOT}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
  await emulator.app.inject({ method: 'POST', url: `${machine}/powerOff?api-version=2024-07-01`, headers: AUTHORIZATION })
  t.match((await get(emulator, `${machine}/instanceView?api-version=2024-07-01`)).body, 'PowerState/stopped')
  await send(emulator, 'DELETE', 'rg')
  await send(emulator, 'PUT', 'rg', { location: 'eastus' })
  t.match((await get(emulator, `${machine}/instanceView?api-version=2024-07-01`)).body, 'PowerState/running')
})

t.test('a resource group whose deletion fails is still there with its machines', async t => {
  const emulator = await build(t, { virtualMachines })
  const outcome = { code: 'ResourceGroupDeletionBlocked', message: 'A lock protects the group.' }
  await affect(emulator, { operation: 'ResourceGroups_Delete' }, { operation: { outcome } })
  const { headers } = await send(emulator, 'DELETE', 'web')
  const poll = await get(emulator, `${headers['location']}`)
  t.strictSame([poll.statusCode, poll.body], [409, JSON.stringify({ error: outcome })])
  // Recorded: the headers of Resource Manager's own errors.
  t.match(poll.headers, { 'x-ms-failure-cause': 'gateway', connection: 'close' })
  t.equal(poll.headers['x-ms-request-id'], poll.headers['x-ms-correlation-request-id'])
  const group = (await get(emulator, `${ROOT}/resourceGroups/web${QUERY}`)).json()
  t.match(group, { name: 'web', properties: { provisioningState: 'Succeeded' } })
  const machines = `${ROOT}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01`
  matchList(t, (await get(emulator, machines)).json().value, [{ name: 'front' }])
})

t.test('what is in a resource group that is being deleted can be read and deleted, but not changed', async t => {
  const emulator = await build(t, { delay: 600_000, clock: 'virtual', pace: 'azure' })
  await send(emulator, 'DELETE', 'rg')
  const machine = `${ROOT}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
  for (const [method, path, body, status] of [
    ['GET', '', undefined, 200],
    ['GET', '/runCommands', undefined, 200],
    ['DELETE', '/runCommands/cmd', undefined, 204],
    ['PUT', '/runCommands/cmd', { location: 'westus' }, 409],
    ['PATCH', '/runCommands/cmd', { tags: {} }, 409],
    ['POST', '/powerOff', undefined, 409],
    ['POST', '/runCommand', { commandId: 'RunShellScript' }, 409]
  ] as const) {
    const request = { method, url: `${machine}${path}?api-version=2024-07-01`, headers: AUTHORIZATION }
    const response = await emulator.app.inject({ ...request, ...body !== undefined && { body } })
    t.equal(response.statusCode, status, `${method} ${path}`)
    if (status === 409) t.equal(response.json().error.code, 'ResourceGroupBeingDeleted', `${method} ${path}`)
  }
})

t.test('with --pace fast a poll of a deletion waits for its end', async t => {
  const clock = new VirtualClock()
  const emulator = await build(t, { virtualMachines, clock, delay: 5000 })
  const { headers } = await send(emulator, 'DELETE', 'web')
  let isHeld = true
  const poll = get(emulator, `${headers['location']}`).finally(() => { isHeld = false })
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  t.ok(isHeld)
  await clock.advance(5000)
  t.equal((await poll).statusCode, 200)
})

t.test('the journal joins the deletion of a resource group and its polls', async t => {
  const emulator = await build(t)
  const { headers } = await send(emulator, 'DELETE', 'rg')
  await get(emulator, `${headers['location']}`)
  const { value } = emulator.journal.list({ operation: 'ResourceGroups_Delete' })
  matchList(t, value, [{ status: 202 }])
  matchList(t, value[0]!.polls!, [{ status: 200 }], 'the polls')
})

t.test('concurrent DELETEs of a resource group get the same operation', async t => {
  const emulator = await build(t, { store: slow(new MemoryStore(), [5]), delay: 600_000, pace: 'azure' })
  const deletions = []
  for (let count = 0; count < 12; count++) {
    deletions.push(send(emulator, 'DELETE', 'rg'))
    await setImmediate()
  }
  const responses = await Promise.all(deletions)
  t.same([...new Set(responses.map(({ statusCode }) => statusCode))], [202])
  t.equal(new Set(responses.map(({ headers }) => headers['location'])).size, 1)
})

t.test('PATCH refuses a resource group that was deleted while its body arrived', async t => {
  const emulator = await build(t)
  async function * body () {
    yield '{"tags":'
    await send(emulator, 'DELETE', 'new')
    yield '{"a":"b"}}'
  }
  const headers = { ...AUTHORIZATION, 'content-type': 'application/json' }
  const { statusCode, body: text } = await emulator.app.inject({
    method: 'PATCH', url: `${ROOT}/resourceGroups/new${QUERY}`, headers, payload: Readable.from(body())
  })
  t.strictSame([statusCode, JSON.parse(text).error.code], [404, 'ResourceGroupNotFound'])
})

t.test('a poll of an operation that was never started gets 404', async t => {
  const emulator = await build(t)
  for (const id of ['x', Buffer.from('{"jobId":"RESOURCEGROUPDELETIONJOB-RG-WESTUS","jobLocation":"westus"}').toString('base64url')]) {
    const { statusCode, headers, body } = await get(emulator, `${ROOT}/operationresults/${id}${QUERY}`)
    t.equal(statusCode, 404, id)
    t.equal(body, `{"error":{"code":"OperationResultNotFound","message":"The operation result '${id}' could not be found."}}`)
    t.equal(headers['x-ms-failure-cause'], 'gateway')
  }
})

t.test('with --strict a created resource group exists', async t => {
  const emulator = await build(t, { virtualMachines, strict: true })
  t.equal((await send(emulator, 'PUT', 'new', { location: 'westus' })).statusCode, 201)
  t.equal((await send(emulator, 'HEAD', 'new')).statusCode, 204)
  const response = await runCommand(emulator, { commandId: 'RunShellScript' }, { resourceGroup: 'new' })
  t.equal(response.json().error.code, 'ResourceNotFound')
})

t.test('accepts as many and as long tags as Azure', async t => {
  const emulator = await build(t)
  const names = Array.from({ length: 49 }, (_, index) => `${index}`.padEnd(512, 'n'))
  const tags = { ...Object.fromEntries(names.map(name => [name, 'v'.repeat(256)])), 'hidden-link:/a?b': '<%>' }
  const created = await send(emulator, 'PUT', 'new', { location: 'westus', tags })
  t.strictSame([created.statusCode, created.json().tags], [201, tags])
  const refused = await send(emulator, 'PATCH', 'new', { tags: { ...tags, more: '' } })
  t.strictSame([refused.statusCode, refused.json().error.code], [400, 'InvalidTags'])
  t.strictSame((await get(emulator, `${ROOT}/resourceGroups/new${QUERY}`)).json().tags, tags)
  const options = (await callAdmin(emulator, 'GET', '/state')).body
  t.match((await callAdmin(await build(t, options), 'GET', '/state')).body, options, 'the state accepts the same tags')
})

t.test('refuses an invalid resource group', async t => {
  const emulator = await build(t)
  for (const [name, body, code] of [
    ['new', { location: '' }, 'LocationRequired'],
    ['new', { location: 'a/b' }, 'LocationNotAvailableForResourceGroup'],
    ['new', { location: 'westus', tags: ['x'] }, 'InvalidRequestContent'],
    ['new', '{"location":', 'InvalidRequestContent'],
    ['new.', { location: 'westus' }, 'InvalidResourceGroup'],
    ['x'.repeat(91), { location: 'westus' }, 'InvalidResourceGroup']
  ] as const) {
    const response = await send(emulator, 'PUT', name, body)
    t.strictSame([response.statusCode, response.json().error.code], [400, code], JSON.stringify(body))
  }
  const { error } = (await send(emulator, 'PUT', 'new.', { location: 'westus' })).json()
  t.match(error.message, "'new.' has these invalid characters: '.'")
})

t.test('refuses to show a group whose name is invalid, as recorded in azure-cli #14481', async t => {
  const response = await get(await build(t), `${ROOT}/resourceGroups/%27%27${QUERY}`)
  t.equal(response.statusCode, 400)
  const message = "The provided resource group name '''' has these invalid characters: ''''. " +
    "The name can only be a letter, digit, '-', '.', '(', ')' or '_'."
  t.strictSame(response.json(), { error: { code: 'InvalidResourceGroup', message } })
})

t.test('a group that is deleted at the start exists if a machine in it is declared, also once that is removed', async t => {
  const emulator = await build(t, {
    resourceGroupStates: [{ subscriptionId: SUBSCRIPTION, name: 'rg', state: 'deleted' }, { subscriptionId: SUBSCRIPTION, name: 'other', state: 'deleted' }],
    virtualMachines: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'RG', name: 'vm' }]
  })
  const statusOf = async (group: string) =>
    (await get(emulator, `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}?api-version=2021-04-01`)).statusCode
  t.same([await statusOf('rg'), await statusOf('other')], [200, 404])
  await emulator.virtualMachines.remove(virtualMachineId(SUBSCRIPTION, 'rg', 'vm'))
  t.same([await statusOf('rg'), await statusOf('other')], [200, 404])
})

async function send ({ app }: Emulator, method: 'PUT' | 'PATCH' | 'DELETE' | 'HEAD', name: string, body?: object | string) {
  const headers = { ...AUTHORIZATION, ...body !== undefined && { 'content-type': 'application/json' } }
  const response = await app.inject({ method, url: `${ROOT}/resourceGroups/${name}${QUERY}`, headers, ...body !== undefined && { body } })
  return Object.assign(response, { json: () => JSON.parse(response.body) })
}
