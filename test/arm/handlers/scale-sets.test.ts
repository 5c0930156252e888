import t from 'tap'
import { instanceIdOf, scaleSetId } from '../../../src/core/resource-id.js'
import type { EmulatorOptions } from '../../../src/index.js'
import { API_VERSION, AUTHORIZATION, build, get, instancePath, runOnInstance, SUBSCRIPTION } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'

const OPTIONS: EmulatorOptions = {
  virtualMachineScaleSets: [
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'Workers', location: 'West Europe', instances: ['0', '12'] },
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'win', osType: 'Windows', instances: [] },
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'other', name: 'ss' }
  ]
}
const COMPUTE = 'providers/Microsoft.Compute/virtualMachineScaleSets'
const ROOT = `/subscriptions/${SUBSCRIPTION}`
const SETS = `${ROOT}/resourceGroups/rg/${COMPUTE}`
const QUERY = '?api-version=2024-07-01'
const SHELL = { commandId: 'RunShellScript' }

const names = ({ value }: { value: readonly { name: string }[] }) => value.map(({ name }) => name)

t.test('lists the declared scale sets of a group and of a subscription', async t => {
  const emulator = await build(t, OPTIONS)
  t.strictSame(names((await get(emulator, `${SETS.toUpperCase()}${QUERY}`.replace('API-VERSION', 'api-version'))).json()),
    ['Workers', 'win'])
  const all = await get(emulator, `${ROOT}/${COMPUTE}${QUERY}`)
  t.strictSame(names(all.json()), ['Workers', 'win', 'ss'])
  t.equal(all.headers['x-ms-ratelimit-remaining-resource'], 'Microsoft.Compute/HighCostGetVMScaleSetSubscriptionMaximum;1078')
})

t.test("an empty list of scale sets has Resource Manager's form", async t => {
  const { body, headers } = await get(await build(t), `${SETS}${QUERY}`)
  t.equal(body, '{"value":[]}')
  t.equal(headers['x-ms-ratelimit-remaining-resource'], undefined)
})

t.test('a scale set is found in any case, and has its declared name', async t => {
  const emulator = await build(t, OPTIONS)
  const { headers, body } = await get(emulator, `${SETS}/WORKERS${QUERY}`)
  t.match(JSON.parse(body), {
    name: 'Workers',
    id: `${SETS}/Workers`,
    location: 'westeurope',
    sku: { capacity: 2 },
    etag: '"2"',
    properties: { virtualMachineProfile: { storageProfile: { osDisk: { osType: 'Linux' } } } }
  })
  t.equal(headers['etag'], '"2"')
  t.equal((await get(emulator, `${SETS}/workers${QUERY}`)).body, body, 'another case returns the same body')
  t.match(body, /\r\n {6}"networkProfile": \{"networkInterfaceConfigurations":\[.*\]\},\r\n/)
})

t.test('older api-versions have no etag and no times', async t => {
  const emulator = await build(t, OPTIONS)
  for (const path of [`${SETS}/Workers`, `${SETS}/Workers/virtualMachines/0`]) {
    const { statusCode, body, headers } = await get(emulator, `${path}?api-version=2020-12-01`)
    t.equal(statusCode, 200, path)
    t.notMatch(body, /etag|timeCreated|resilient/, path)
    t.equal(headers['etag'], undefined, path)
  }
})

t.test('a Windows scale set has the configuration of Windows', async t => {
  const { properties } = (await get(await build(t, OPTIONS), `${SETS}/win${QUERY}`)).json()
  t.match(properties.virtualMachineProfile, {
    osProfile: { windowsConfiguration: { provisionVMAgent: true }, linuxConfiguration: undefined },
    storageProfile: { osDisk: { osType: 'Windows' } }
  })
})

t.test('the instance view of a scale set counts the states of its instances', async t => {
  const emulator = await build(t, { virtualMachineScaleSets: [{ ...OPTIONS.virtualMachineScaleSets![0]!, instances: ['0', '1', '2', '3', '4'] }] })
  const { body } = await get(emulator, `${SETS}/Workers/instanceView${QUERY}`)
  // Recorded: 359 bytes, with a time of 33.
  t.equal(Buffer.byteLength(body.replace(/"time": "[^"]+"/, `"time": "${'9'.repeat(33)}"`)), 359)
  t.match(JSON.parse(body).virtualMachine, { statusesSummary: [{ code: 'ProvisioningState/succeeded', count: 5 }] })
})

t.test('lists instances in the order of their declaration, with a charge of one for each', async t => {
  const emulator = await build(t, OPTIONS)
  const { body, headers } = await get(emulator, `${SETS}/workers/virtualMachines${QUERY}`)
  matchList(t, JSON.parse(body).value, [{ name: 'Workers_0', instanceId: '0' }, { name: 'Workers_12', instanceId: '12' }])
  t.equal(headers['x-ms-request-charge'], '2')
  const none = await get(emulator, `${SETS}/win/virtualMachines${QUERY}`)
  t.equal(none.body, '{\r\n  "value": []\r\n}')
  t.equal(none.headers['x-ms-request-charge'], undefined)
  t.match(none.headers['x-ms-ratelimit-remaining-resource'], /HighCostGetVMScaleSetResource;29/)
})

t.test('a list of instances supports $expand, $filter and $select, and refuses unknown values', async t => {
  const emulator = await build(t, OPTIONS)
  const list = async (query: string) => await get(emulator, `${SETS}/workers/virtualMachines${QUERY}&${query}`)
  t.match((await list('$expand=instanceView')).json().value[1],
    { instanceId: '12', properties: { vmId: String, instanceView: { computerName: /^Worke[\da-f]{4}00000C$/ } } })
  t.equal((await list("$filter=startswith(instanceView/statuses/code,%20'PowerState')%20eq%20true")).json().value.length, 2)
  t.equal((await list('$filter=properties/latestModelApplied%20eq%20true')).json().value.length, 2)
  t.equal((await list('$filter=properties/latestModelApplied%20eq%20false')).json().value.length, 0)
  t.equal((await list('$filter=%20Properties/LatestModelApplied%20%20EQ%20False')).json().value.length, 0, 'in any case, with any spaces')
  const [{ properties }] = (await list('$select=instanceView/statuses')).json().value
  t.strictSame(Object.keys(properties.instanceView), ['statuses'])
  for (const view of ['instanceView', 'INSTANCEVIEW']) {
    t.ok((await list(`$select=${view}`)).json().value[0].properties.instanceView.vmAgent, view)
  }
  t.equal((await list('$expand=&$filter=&$select=')).json().value.length, 2, 'an empty value counts as missing')
  for (const query of ['$expand=userData', '$filter=true', '$select=name', '$filter=toString']) {
    const { statusCode, body } = await list(query)
    t.equal(statusCode, 400, query)
    t.match(JSON.parse(body), { error: { code: 'InvalidParameter', target: query.split('=')[0] } })
  }
})

t.test('an instance has a charge of one, and an ETag unless the request expands its view', async t => {
  const emulator = await build(t, OPTIONS)
  const instance = `${SETS}/workers/virtualMachines/0`
  for (const [url, etag] of [
    [`${instance}${QUERY}`, '"2"'], [`${instance}${QUERY}&$expand=instanceView`, undefined], [`${instance}/instanceView${QUERY}`, undefined]
  ] as const) {
    const { headers } = await get(emulator, url)
    t.strictSame([headers['x-ms-request-charge'], headers['etag']], ['1', etag], url)
  }
})

t.test('the instance view of a deallocated instance has no agent', async t => {
  const emulator = await build(t, OPTIONS)
  const { machineStates, scaleSets } = emulator
  const scaleSet = scaleSets.find(scaleSetId(SUBSCRIPTION, 'rg', 'workers'))!
  await machineStates.set(scaleSets.instance(scaleSet, '12')!, 'deallocated')
  const view = async (id: string) => (await get(emulator, `${SETS}/workers/virtualMachines/${id}/instanceView${QUERY}`)).json()
  t.strictSame(Object.keys(await view('12')),
    ['placementGroupId', 'platformUpdateDomain', 'platformFaultDomain', 'disks', 'hyperVGeneration', 'statuses'])
  t.match(await view('12'), { platformUpdateDomain: 2, statuses: [{}, { code: 'PowerState/deallocated' }] })
  t.match(await view('0'), { vmAgent: {}, statuses: [{}, { code: 'PowerState/running' }] })
  t.strictSame((await view('0')).placementGroupId, (await view('12')).placementGroupId)
  const { properties: { instanceView } } = (await get(emulator, `${SETS}/workers/virtualMachines/12${QUERY}&$expand=instanceview`)).json()
  t.strictSame(instanceView, await view('12'))
})

t.test('a stopped instance refuses run commands, and other instances accept them', async t => {
  const emulator = await build(t)
  const { machineStates, scaleSets } = emulator
  const scaleSet = scaleSets.find(scaleSetId(SUBSCRIPTION, 'rg', 'ss'))!
  await machineStates.set(scaleSets.instance(scaleSet, '7')!, 'stopped')
  const { statusCode, body } = await runOnInstance(emulator, SHELL, { instanceId: '7' })
  t.equal(statusCode, 409)
  t.match(JSON.parse(body), { error: { code: 'OperationNotAllowed' } })
  t.equal((await runOnInstance(emulator, SHELL, { instanceId: '8' })).statusCode, 202)
})

t.test('an instance runs one action at a time, independently of other instances', async t => {
  const emulator = await build(t, { delay: 60_000, clock: 'virtual' })
  t.equal((await runOnInstance(emulator, SHELL)).statusCode, 202)
  t.match((await runOnInstance(emulator, SHELL)).json(), { error: { code: 'Conflict' } })
  t.equal((await runOnInstance(emulator, SHELL, { instanceId: '1' })).statusCode, 202)
})

t.test('a Windows instance refuses a command for Linux', async t => {
  const emulator = await build(t, { virtualMachineScaleSets: [{ ...OPTIONS.virtualMachineScaleSets![1]!, instances: ['0'] }] })
  const { statusCode, body } = await runOnInstance(emulator, SHELL, { scaleSet: 'win' })
  t.equal(statusCode, 409)
  t.match(JSON.parse(body).error.message, 'does not match the target OS Windows')
})

t.test('fixtures, scenarios and the journal name an instance SCALESET_ID', async t => {
  const emulator = await build(t, {
    respond: 'immediate',
    fixtures: [{ name: 'three', match: { vmName: 'ss_3' }, result: { stdout: 'three\n' } }],
    scenarios: [{ name: 'busy', match: { vmName: 'SS_4' }, do: [{ error: { code: 'Conflict' } }] }]
  })
  t.match((await runOnInstance(emulator, SHELL, { instanceId: '3' })).body, /three/)
  t.equal((await runOnInstance(emulator, SHELL, { instanceId: '4' })).statusCode, 409)
  const { value: entries } = emulator.journal.list({ vmName: 'ss_3' })
  matchList(t, entries, [{ vmName: 'ss_3', operation: 'VirtualMachineScaleSetVMs_RunCommand', command: { commandId: 'RunShellScript' } }])
})

t.test("a missing scale set or instance is refused with each operation's error", async t => {
  const emulator = await build(t, OPTIONS)
  const missing = async (path: string) => await get(emulator, `${SETS}/${path}${QUERY}`)
  const notFound = (type: string) => ({ error: { code: 'ResourceNotFound', message: `The Resource 'Microsoft.Compute/${type}'` } })
  for (const path of ['x', 'x/instanceView']) t.match((await missing(path)).json(), notFound('virtualMachineScaleSets/x'), path)
  for (const path of ['x/virtualMachines', 'x/virtualMachines/0', 'x/virtualMachines/0/instanceView']) {
    t.match((await missing(path)).json(), { error: { code: 'ParentResourceNotFound', message: "'x'" } }, path)
  }
  t.match((await missing('workers/virtualMachines/9')).json(), notFound('virtualMachineScaleSets/workers/virtualMachines/9'))
  const view = await missing('workers/virtualMachines/9/instanceView')
  t.equal(view.statusCode, 404)
  // Recorded: azcli_vmss_simulate_eviction.
  t.equal(Buffer.byteLength(view.body), 115)
  t.equal(view.headers['x-ms-request-charge'], '1')
  t.match(view.headers['x-ms-ratelimit-remaining-resource'], /GetVMScaleSetVMResource;35,.*VMScaleSetVMViews/)
  for (const path of ['workers/virtualMachines/x', 'workers/virtualMachines/x/instanceView']) {
    t.match((await missing(path)).json(), { error: { code: 'InvalidParameter', target: 'instanceId' } }, path)
  }
})

t.test('refuses an unsupported method, and lists the supported ones in Allow', async t => {
  const { app } = await build(t, OPTIONS)
  for (const [path, allowed] of [['workers', 'GET'], ['workers/virtualMachines/0', 'GET'], ['workers/virtualMachines/0/runCommand', 'POST']] as const) {
    const { statusCode, headers } = await app.inject({ method: 'PATCH', url: `${SETS}/${path}${QUERY}`, headers: AUTHORIZATION })
    t.equal(statusCode, 405, path)
    t.equal(headers['allow'], allowed, path)
  }
})

t.test('refuses an unknown value of $expand', async t => {
  const emulator = await build(t, OPTIONS)
  for (const path of [`${SETS}/workers${QUERY}&$expand=x`, `${SETS}/workers/virtualMachines/0${QUERY}&$expand=x`]) {
    t.match((await get(emulator, path)).json(), { error: { code: 'InvalidParameter', target: '$expand' } }, path)
  }
})

t.test('a role assignment on one instance does not allow an action on another', async t => {
  const principalId = '11111111-2222-4333-8444-555555555555'
  const scope = instanceIdOf(scaleSetId(SUBSCRIPTION, 'rg', 'ss'), '0').text
  const action = 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action'
  const { app } = await build(t, { roleAssignments: [{ principalId, scope, actions: [action] }] })
  const claims = Buffer.from(JSON.stringify({ oid: principalId, appid: 'app' })).toString('base64url')
  const headers = { authorization: `Bearer e30.${claims}.x` }
  for (const [instanceId, status] of [['0', 202], ['1', 403]] as const) {
    const url = `${instancePath({ instanceId })}/runCommand?api-version=${API_VERSION}`
    t.equal((await app.inject({ method: 'POST', url, headers, body: SHELL })).statusCode, status, instanceId)
  }
})
