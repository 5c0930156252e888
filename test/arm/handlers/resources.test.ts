import { Ajv } from 'ajv'
import t from 'tap'
import { readDocument, routesOf } from '../../../src/http/openapi.js'
import type { EmulatorOptions, VirtualMachineDeclaration } from '../../../src/index.js'
import { API_VERSION, AUTHORIZATION, build, get, runCommand, SUBSCRIPTION } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'

const OTHER = '00000000-0000-0000-0000-000000000001'
const ROOT = `/subscriptions/${SUBSCRIPTION}`
const MACHINES = 'providers/Microsoft.Compute/virtualMachines'
const NETWORK = 'providers/Microsoft.Network'
const QUERY = `?api-version=${API_VERSION}`
const SETS = 'providers/Microsoft.Compute/virtualMachineScaleSets'
const SET = `${ROOT}/resourceGroups/web/${SETS}/workers`
const SCALE_SET = { subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'workers' }

const DECLARED: readonly VirtualMachineDeclaration[] = [
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'Web', name: 'Front' },
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'back', location: 'eastus', osType: 'Windows', powerState: 'deallocated' },
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'db', name: 'store', location: 'westeurope', powerState: 'stopped' },
  { subscriptionId: OTHER, resourceGroup: 'web', name: 'front' }
]

t.test('lists a default subscription if none is declared', async t => {
  const { value, count } = await found('/subscriptions?api-version=2022-12-01')
  t.equal(value.length, 1)
  t.match(value[0], { state: 'Enabled', displayName: 'azrun' })
  t.strictSame(count, { type: 'Total', value: 1 })

  async function found (url: string) { return (await get(await build(t), url)).json() }
})

t.test('lists the declared subscriptions and those of declared machines', async t => {
  const tenantId = '72f988bf-86f1-41af-91ab-2d7cd011db47'
  const subscriptions = [{ subscriptionId: SUBSCRIPTION.toUpperCase(), displayName: 'Mine', tenantId }]
  const emulator = await build(t, { subscriptions, virtualMachines: DECLARED })
  const { value } = (await get(emulator, '/subscriptions?api-version=2022-12-01')).json()
  matchList(t, value, [
    { id: `/subscriptions/${SUBSCRIPTION.toUpperCase()}`, displayName: 'Mine', tenantId },
    { id: `/subscriptions/${OTHER}`, subscriptionId: OTHER, displayName: 'azrun' }
  ])
  t.equal((await get(emulator, `${ROOT}?api-version=2022-12-01`)).json().displayName, 'Mine')
})

t.test('a subscription and a tenant have the recorded members in the recorded order', async t => {
  const emulator = await build(t)
  const subscription = (await get(emulator, `${ROOT}?api-version=2022-12-01`)).json()
  t.strictSame(Object.keys(subscription), ['id', 'authorizationSource', 'managedByTenants', 'subscriptionId', 'tenantId',
    'displayName', 'state', 'subscriptionPolicies'])
  t.equal(JSON.stringify(subscription.subscriptionPolicies),
    '{"locationPlacementId":"Public_2014-09-01","quotaId":"PayAsYouGo_2014-09-01","spendingLimit":"Off"}')
  const { value: [tenant] } = (await get(emulator, '/tenants?api-version=2022-12-01')).json()
  t.strictSame(Object.keys(tenant), ['id', 'tenantId', 'countryCode', 'displayName', 'domains', 'tenantCategory',
    'defaultDomain', 'tenantType'])
  t.match(tenant, { domains: [tenant.defaultDomain], tenantType: 'AAD', countryCode: 'US' })
})

t.test('a location has the recorded members, and its type since 2022-12-01', async t => {
  const emulator = await build(t)
  const id = `${ROOT}/locations/westus`
  const names = { displayName: 'westus', regionalDisplayName: 'westus' }
  const metadata = { regionType: 'Physical', regionCategory: 'Recommended' }
  for (const [version, type] of [['2022-09-01', {}], ['2022-12-01', { type: 'Region' }]] as const) {
    const { body } = await get(emulator, `${ROOT}/locations?api-version=${version}`)
    t.equal(body, JSON.stringify({ value: [{ id, name: 'westus', ...type, ...names, metadata }] }), version)
  }
})

t.test('before 2019-11-01 a location has numbers for its place', async t => {
  // Like the locations of jclouds. Documented: 2015-11-01 to 2019-06-01. azrun does not know the place.
  const emulator = await build(t)
  const place = { longitude: '0', latitude: '0' }
  for (const version of ['2015-11-01', '2019-06-01']) {
    const { body } = await get(emulator, `${ROOT}/locations?api-version=${version}`)
    t.equal(body, JSON.stringify({ value: [{ id: `${ROOT}/locations/westus`, name: 'westus', displayName: 'westus', ...place }] }), version)
  }
})

t.test('lists the regions of the declared machines and scale sets of a subscription', async t => {
  const inSubscription = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }
  const emulator = await build(t, {
    virtualMachines: [{ ...inSubscription, name: 'vm', location: 'eastus' }, { ...inSubscription, name: 'vm2', location: 'East US' }],
    virtualMachineScaleSets: [{ ...inSubscription, name: 'ss', location: 'uksouth' }, { ...inSubscription, subscriptionId: OTHER, name: 'ss', location: 'norwayeast' }]
  })
  const { value } = (await get(emulator, `${ROOT}/locations?api-version=2022-12-01`)).json()
  t.strictSame(value.map(({ name }: { name: string }) => name), ['westus', 'eastus', 'uksouth'])
})

t.test('lists each tenant of the declared subscriptions once', async t => {
  const [one, two] = ['72f988bf-86f1-41af-91ab-2d7cd011db47', '72f988bf-86f1-41af-91ab-2d7cd011db48']
  const ids = [SUBSCRIPTION, OTHER, '00000000-0000-0000-0000-000000000009']
  const subscriptions = [one, two, one].map((tenantId, index) => ({ subscriptionId: ids[index]!, tenantId }))
  const { value } = (await get(await build(t, { subscriptions }), '/tenants?api-version=2022-12-01')).json()
  t.strictSame(value.map(({ tenantId }: { tenantId: string }) => tenantId), [one, two])
})

t.test('accepts any subscription and resource group, and lists no undeclared groups', async t => {
  const emulator = await build(t)
  t.match((await get(emulator, `${ROOT}?api-version=2022-12-01`)).json(), { id: ROOT, subscriptionId: SUBSCRIPTION })
  t.strictSame((await get(emulator, `${ROOT}/resourceGroups/Any?api-version=2021-04-01`)).json(), {
    id: `${ROOT}/resourceGroups/Any`,
    name: 'Any',
    type: 'Microsoft.Resources/resourceGroups',
    location: 'westus',
    properties: { provisioningState: 'Succeeded' }
  })
  t.strictSame((await get(emulator, `${ROOT}/resourceGroups?api-version=2021-04-01`)).json(), { value: [] })
})

t.test('lists each resource group with declared machines once, and finds it in any case', async t => {
  const emulator = await build(t, { virtualMachines: DECLARED })
  const { value } = (await get(emulator, `${ROOT}/resourceGroups?api-version=2021-04-01`)).json()
  matchList(t, value, [{ name: 'Web', location: 'westus' }, { name: 'db', location: 'westeurope' }])
  const { name, id } = (await get(emulator, `${ROOT}/resourcegroups/WEB?api-version=2021-04-01`)).json()
  t.strictSame([name, id], ['Web', `${ROOT}/resourceGroups/Web`])
})

t.test('lists the declared machines of a subscription and of a resource group', async t => {
  const emulator = await build(t, { virtualMachines: DECLARED })
  for (const [path, names] of [
    [`${ROOT}/${MACHINES}`, ['Front', 'back', 'store']],
    [`${ROOT}/resourceGroups/WEB/${MACHINES}`, ['Front', 'back']],
    [`${ROOT}/resourceGroups/db/${MACHINES}`, ['store']],
    [`${ROOT}/resourceGroups/none/${MACHINES}`, []],
    [`/subscriptions/${OTHER}/${MACHINES}`, ['front']]
  ] as const) {
    const { value } = (await get(emulator, `${path}${QUERY}`)).json()
    t.strictSame(value.map(({ name }: { name: string }) => name), names, path)
  }
})

t.test('returns a declared machine with the values of its declaration', async t => {
  const emulator = await build(t, { virtualMachines: DECLARED })
  const { body } = await get(emulator, `${ROOT}/resourceGroups/WEB/${MACHINES}/BACK${QUERY}`)
  const vm = JSON.parse(body)
  t.match(vm, {
    name: 'back',
    id: `${ROOT}/resourceGroups/web/${MACHINES}/back`,
    type: 'Microsoft.Compute/virtualMachines',
    location: 'eastus',
    properties: { provisioningState: 'Succeeded', storageProfile: { osDisk: { osType: 'Windows' } } }
  })
  t.match(vm.properties.vmId, /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/)
  const nic = `${ROOT}/resourceGroups/web/providers/Microsoft.Network/networkInterfaces/backVMNic`
  t.strictSame(vm.properties.networkProfile.networkInterfaces, [{ id: nic }])
  t.notOk('instanceView' in vm.properties)
  // Recorded: azcli_power_vm_2024-07-01, exchange 3. The network profile is on one line.
  const written = JSON.stringify(vm, null, 2).replaceAll('\n', '\r\n')
  const oneLine = written.replace(/("networkProfile": )\{[^]*?\]\r\n {4}\}/, `$1{"networkInterfaces":[{"id":"${nic}"}]}`)
  t.not(oneLine, written)
  t.equal(body, oneLine, "Compute's format")
  const members = ['hardwareProfile', 'provisioningState', 'vmId', 'storageProfile', 'osProfile', 'networkProfile']
  t.strictSame(Object.keys(vm.properties), [...members, 'timeCreated'])
  const older = (await get(emulator, `${ROOT}/resourceGroups/WEB/${MACHINES}/BACK?api-version=2020-12-01`)).json()
  t.strictSame(Object.keys(older.properties), ['vmId', 'hardwareProfile', ...members.slice(3), 'provisioningState'])
})

t.test('a machine has the same vmId every time, and each machine has its own', async t => {
  const vmIdOf = async (vmName: string) =>
    (await get(await build(t), `${ROOT}/resourceGroups/rg/${MACHINES}/${vmName}${QUERY}`)).json().properties.vmId
  t.equal(await vmIdOf('vm'), await vmIdOf('VM'))
  t.not(await vmIdOf('vm'), await vmIdOf('vm2'))
})

t.test('returns the power state of a machine with $expand=instanceView', async t => {
  const emulator = await build(t, { virtualMachines: DECLARED })
  for (const [path, code, text] of [
    ['web/back', 'PowerState/deallocated', 'VM deallocated'],
    ['db/store', 'PowerState/stopped', 'VM stopped'],
    ['web/front', 'PowerState/running', 'VM running']
  ] as const) {
    const url = `${ROOT}/resourceGroups/${path.replace('/', `/${MACHINES}/`)}${QUERY}&$expand=instanceView`
    const { instanceView } = (await get(emulator, url)).json().properties
    const [{ time }] = instanceView.statuses
    t.match(time, /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{7}\+00:00$/)
    t.strictSame(instanceView.statuses, [
      { code: 'ProvisioningState/succeeded', level: 'Info', displayStatus: 'Provisioning succeeded', time },
      { code, level: 'Info', displayStatus: text }
    ])
  }
})

t.test('the instance view of a machine has its system and its agent unless it is deallocated', async t => {
  // Recorded: azcli_power_vm_2024-07-01, exchanges 4, 9 and 32.
  const emulator = await build(t, { virtualMachines: DECLARED })
  for (const [path, members] of [
    ['web/front', ['computerName', 'osName', 'osVersion', 'vmAgent', 'disks', 'hyperVGeneration', 'statuses']],
    ['db/store', ['computerName', 'osName', 'osVersion', 'vmAgent', 'disks', 'hyperVGeneration', 'statuses']],
    ['web/back', ['disks', 'hyperVGeneration', 'statuses']]
  ] as const) {
    const url = `${ROOT}/resourceGroups/${path.replace('/', `/${MACHINES}/`)}${QUERY}&$expand=instanceView`
    t.strictSame(Object.keys((await get(emulator, url)).json().properties.instanceView), members, path)
  }
})

t.test("an empty list of machines has Resource Manager's form", async t => {
  // Recorded: azcli_power_vm_2024-07-01, exchange 0: 12 bytes and no quota of Compute.
  const emulator = await build(t, { virtualMachines: DECLARED })
  const { body, headers } = await get(emulator, `${ROOT}/resourceGroups/none/${MACHINES}${QUERY}`)
  t.equal(body, '{"value":[]}')
  t.notOk('x-ms-ratelimit-remaining-resource' in headers)
})

t.test('an undeclared machine runs Linux in westus, and exists unless its group has declared machines', async t => {
  const emulator = await build(t, { virtualMachines: DECLARED })
  const made = (await get(emulator, `${ROOT}/resourceGroups/new/${MACHINES}/any${QUERY}`)).json()
  t.match(made, { name: 'any', location: 'westus', properties: { storageProfile: { osDisk: { osType: 'Linux' } } } })
  const missing = await get(emulator, `${ROOT}/resourceGroups/web/${MACHINES}/any${QUERY}`)
  t.equal(missing.statusCode, 404)
  t.equal(missing.json().error.code, 'ResourceNotFound')
})

t.test('runs commands for either operating system on an undeclared machine', async t => {
  const emulator = await build(t)
  for (const commandId of ['RunShellScript', 'RunPowerShellScript']) {
    t.equal((await runCommand(emulator, { commandId })).statusCode, 202, commandId)
  }
})

t.test('with --strict only declared resources exist', async t => {
  const emulator = await build(t, { strict: true, virtualMachines: DECLARED })
  const unknown = '/subscriptions/00000000-0000-0000-0000-000000000000'
  for (const [path, code] of [
    [ROOT, undefined],
    [`${ROOT}/resourceGroups/WEB`, undefined],
    [`${ROOT}/resourceGroups/web/${MACHINES}/FRONT`, undefined],
    [unknown, 'SubscriptionNotFound'],
    [`${unknown}/resourceGroups`, 'SubscriptionNotFound'],
    [`${ROOT}/resourceGroups/none`, 'ResourceGroupNotFound'],
    [`${ROOT}/resourceGroups/none/${MACHINES}`, 'ResourceGroupNotFound'],
    [`/subscriptions/${OTHER}/resourceGroups/db/${MACHINES}/store`, 'ResourceGroupNotFound'],
    [`${ROOT}/resourceGroups/db/${MACHINES}/front`, 'ResourceNotFound']
  ] as const) {
    const { statusCode, body } = await get(emulator, `${path}${QUERY}`)
    t.strictSame([statusCode, JSON.parse(body).error?.code], [code === undefined ? 200 : 404, code], path)
  }
  const bare = await build(t, { strict: true })
  t.strictSame((await get(bare, `/subscriptions${QUERY}`)).json(), { value: [], count: { type: 'Total', value: 0 } })
})

t.test('returns the same built-in commands in every location, and lists them without their scripts', async t => {
  // Recorded: azcli_vm__latest__test_vm_run_command_e2e, exchanges 0 and 1 (recordings.test.ts compares the bytes).
  const emulator = await build(t)
  const url = (location: string, id = '') => `${ROOT}/providers/Microsoft.Compute/locations/${location}/runCommands${id}${QUERY}`
  const { body } = await get(emulator, url('westus'))
  t.equal(Buffer.byteLength(body), 5725)
  t.equal((await get(emulator, url('North-Europe_2.x'))).body, body)
  const { value } = JSON.parse(body)
  t.equal(value.length, 15)
  for (const brief of value) {
    t.strictSame(Object.keys(brief), ['$schema', 'id', 'osType', 'label', 'description'])
    const { script, parameters, ...rest } = (await get(emulator, url('westus', `/${brief.id.toUpperCase()}`))).json()
    t.strictSame(rest, brief)
    t.ok(script.length > 0, brief.id)
  }
  // Recorded.
  t.equal(Buffer.byteLength((await get(emulator, url('westus', '/RunShellScript'))).body), 626)
  t.equal(Buffer.byteLength((await get(emulator, url('westus', '/RunPowerShellScript'))).body), 709)
  t.equal((await get(emulator, url('westus', '/NoSuchCommand'))).json().error.message, 'The entity was not found in this Azure location.')
})

t.test('lists the built-in commands by their ids since 2021-07-01', async t => {
  // Recorded: azure-powershell's Get-AzVMRunCommandDocument of 2021; before: azcli_vm__latest__test_vm_run_command_e2e.
  const emulator = await build(t)
  const ids = async (version: string) => {
    const { body } = await get(emulator, `${ROOT}/providers/Microsoft.Compute/locations/westus/runCommands?api-version=${version}`)
    t.equal(Buffer.byteLength(body), 5725)
    return (JSON.parse(body).value as { id: string }[]).map(({ id }) => id)
  }
  t.strictSame(await ids('2021-04-01'), [
    'EnableRemotePS', 'IPConfig', 'RunPowerShellScript', 'RunShellScript', 'ifconfig', 'EnableAdminAccount', 'RDPSettings',
    'SetRDPPort', 'ResetRDPCert', 'DisableNLA', 'RemoveRunCommandWindowsExtension', 'RemoveRunCommandLinuxExtension',
    'EnableEMS', 'DisableWindowsUpdate', 'EnableWindowsUpdate'
  ])
  for (const version of ['2021-07-01', '2024-03-01']) {
    t.strictSame(await ids(version), [
      'DisableNLA', 'DisableWindowsUpdate', 'EnableAdminAccount', 'EnableEMS', 'EnableRemotePS', 'EnableWindowsUpdate',
      'ifconfig', 'IPConfig', 'RDPSettings', 'RemoveRunCommandLinuxExtension', 'RemoveRunCommandWindowsExtension',
      'ResetRDPCert', 'RunPowerShellScript', 'RunShellScript', 'SetRDPPort'
    ], version)
  }
})

const document = readDocument('arm.json')
const ajv = new Ajv({ strict: false, formats: { 'date-time': true, int32: true, int64: true } })
ajv.addSchema({ $id: 'arm', components: document.components })

t.test('HEAD tells whether a resource group exists', async t => {
  // Like `az group exists`. Recorded: 404 without a body, but with its Content-Length.
  const { app } = await build(t, { strict: true, virtualMachines: DECLARED })
  const head = async (name: string) =>
    await app.inject({ method: 'HEAD', url: `${ROOT}/resourceGroups/${name}${QUERY}`, headers: AUTHORIZATION })
  const existing = await head('web')
  t.equal(existing.statusCode, 204)
  t.equal(existing.headers['x-ms-ratelimit-remaining-subscription-reads'], '249')
  const missing = await head('none')
  t.equal(missing.statusCode, 404)
  t.equal(missing.body, '')
  t.ok(Number(missing.headers['content-length']) > 0)
})

t.test('every GET returns a body that conforms to openapi/arm.json', async t => {
  const locations = `${ROOT}/providers/Microsoft.Compute/locations/westus`
  const urls = new Map([
    ['Subscriptions_List', ['/subscriptions']],
    ['Tenants_List', ['/tenants']],
    ['Subscriptions_Get', [ROOT]],
    ['Subscriptions_ListLocations', [`${ROOT}/locations`]],
    ['Providers_List', [`${ROOT}/providers`]],
    ['Providers_Get', [`${ROOT}/providers/Microsoft.Compute`]],
    ['Resources_List', [`${ROOT}/resources`]],
    ['ResourceGroups_List', [`${ROOT}/resourceGroups`]],
    ['ResourceGroups_Get', [`${ROOT}/resourceGroups/web`, `${ROOT}/resourceGroups/none`]],
    ['Resources_ListByResourceGroup', [`${ROOT}/resourceGroups/web/resources`]],
    ['VirtualMachines_ListAll', [`${ROOT}/${MACHINES}`]],
    ['VirtualMachines_List', [`${ROOT}/resourceGroups/web/${MACHINES}`]],
    ['VirtualMachines_Get', [`${ROOT}/resourceGroups/web/${MACHINES}/front`, `${ROOT}/resourceGroups/web/${MACHINES}/back`,
      `${ROOT}/resourceGroups/new/${MACHINES}/any`]],
    ['VirtualMachines_InstanceView', [`${ROOT}/resourceGroups/web/${MACHINES}/front/instanceView`]],
    ['VirtualMachineRunCommands_List', [`${locations}/runCommands`]],
    ['VirtualMachineRunCommands_Get', [`${locations}/runCommands/RunShellScript`, `${locations}/runCommands/EnableRemotePS`]],
    ['NetworkInterfaces_ListAll', [`${ROOT}/${NETWORK}/networkInterfaces`]],
    ['NetworkInterfaces_List', [`${ROOT}/resourceGroups/web/${NETWORK}/networkInterfaces`]],
    ['NetworkInterfaces_Get', [`${ROOT}/resourceGroups/web/${NETWORK}/networkInterfaces/frontVMNic`]],
    ['NetworkInterfaces_ListVirtualMachineScaleSetVMNetworkInterfaces', [`${SET}/virtualMachines/0/networkInterfaces`]],
    ['NetworkInterfaces_ListVirtualMachineScaleSetNetworkInterfaces', [`${SET}/networkInterfaces`]],
    // The tests of networks check this one, whose name belongs to its scale set.
    ['NetworkInterfaces_GetVirtualMachineScaleSetNetworkInterface', []],
    ['PublicIPAddresses_ListAll', [`${ROOT}/${NETWORK}/publicIPAddresses`]],
    ['PublicIPAddresses_List', [`${ROOT}/resourceGroups/web/${NETWORK}/publicIPAddresses`]],
    ['PublicIPAddresses_Get', [`${ROOT}/resourceGroups/web/${NETWORK}/publicIPAddresses/frontPublicIP`]],
    ['OperationResults_Get', []],
    ['VirtualMachineRunCommands_ListByVirtualMachine', [`${ROOT}/resourceGroups/web/${MACHINES}/front/runCommands`]],
    ['VirtualMachineScaleSetVMRunCommands_List', [`${SET}/virtualMachines/0/runCommands`]],
    // The tests of managed run commands check these.
    ['VirtualMachineRunCommands_GetByVirtualMachine', []],
    ['VirtualMachineScaleSetVMRunCommands_Get', []],
    ['Operations_Get', []],
    ['VirtualMachineScaleSets_ListAll', [`${ROOT}/${SETS}`]],
    ['VirtualMachineScaleSets_List', [`${ROOT}/resourceGroups/web/${SETS}`]],
    ['VirtualMachineScaleSets_Get', [`${SET}${QUERY}`]],
    ['VirtualMachineScaleSets_GetInstanceView', [`${SET}/instanceView`]],
    ['VirtualMachineScaleSetVMs_List', [`${SET}/virtualMachines`]],
    ['VirtualMachineScaleSetVMs_Get', [`${SET}/virtualMachines/0`, `${SET}/virtualMachines/1`]],
    ['VirtualMachineScaleSetVMs_GetInstanceView', [`${SET}/virtualMachines/1/instanceView`]]
  ])
  const reads = routesOf(document).filter(({ method }) => method === 'GET').map(({ operation }) => operation.operationId)
  t.strictSame([...urls.keys()].sort(), reads.sort())
  const options: EmulatorOptions = { virtualMachines: DECLARED, virtualMachineScaleSets: [SCALE_SET], fixtures: [{ name: 'fails', match: { vmName: 'bad' }, error: { code: 'No', message: 'no' } }] }
  const emulator = await build(t, options)
  for (const vmName of ['good', 'bad']) {
    const { headers } = await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName })
    urls.get('Operations_Get')!.push(`${headers['azure-asyncoperation']}`, ...vmName === 'good' ? [`${headers['location']}`] : [])
  }
  for (const [id, all] of urls) {
    for (const url of all) {
      const expand = /^VirtualMachines_List/.test(id) ? '' : '&$expand=instanceView'
      const response = await get(emulator, url.includes('?') ? url : `${url}${QUERY}${expand}`)
      t.equal(response.statusCode, 200, url)
      assertConforms(id, response.json())
    }
  }
  const immediate = { headers: { prefer: 'wait=10' } }
  assertConforms('VirtualMachines_RunCommand', (await runCommand(emulator, { commandId: 'RunShellScript' }, immediate)).json())
  assertConforms('VirtualMachines_RunCommand', (await runCommand(emulator, { commandId: 'IPConfig' }, immediate)).json())
  t.notOk(conforms('VirtualMachines_Get', { location: 1 }), 'the check fails for a wrong body')

  function assertConforms (id: string, value: unknown): void {
    t.ok(conforms(id, value), `${id}: ${ajv.errorsText()}`)
  }
})

function conforms (id: string, value: unknown): boolean {
  const { operation } = routesOf(document).find(each => each.operation.operationId === id)!
  const { 200: ok } = operation['responses'] as { 200: { content: { 'application/json': { schema: object } } } }
  const schema = JSON.stringify(ok.content['application/json'].schema).replaceAll('"#/', '"arm#/')
  return ajv.validate(JSON.parse(schema), value)
}
