import t from 'tap'
import { VirtualClock } from '../../../src/index.js'
import { AUTHORIZATION, build, get, SUBSCRIPTION } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'

const ROOT = `/subscriptions/${SUBSCRIPTION}`
const QUERY = '?api-version=2022-09-01'
const WEB = `${ROOT}/resourceGroups/web`

const DECLARED = {
  virtualMachines: [
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'front', location: 'eastus' },
    { subscriptionId: SUBSCRIPTION, resourceGroup: 'db', name: 'store' }
  ],
  virtualMachineScaleSets: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'ss' }]
}

t.test('lists the declared machines and scale sets of a resource group, with the network of the machines', async t => {
  const emulator = await build(t, DECLARED)
  const list = async (group: string) => (await get(emulator, `${ROOT}/resourceGroups/${group}/resources${QUERY}`)).json().value
  const idOf = (path: string) => `${WEB}/providers/${path}`
  t.strictSame(await list('WEB'), [
    { id: idOf('Microsoft.Compute/virtualMachines/front'), name: 'front', type: 'Microsoft.Compute/virtualMachines', location: 'eastus' },
    { id: idOf('Microsoft.Network/networkInterfaces/frontVMNic'), name: 'frontVMNic', type: 'Microsoft.Network/networkInterfaces', location: 'eastus' },
    { id: idOf('Microsoft.Network/publicIPAddresses/frontPublicIP'), name: 'frontPublicIP', type: 'Microsoft.Network/publicIPAddresses', location: 'eastus' },
    { id: idOf('Microsoft.Compute/virtualMachineScaleSets/ss'), name: 'ss', type: 'Microsoft.Compute/virtualMachineScaleSets', location: 'westus' }
  ])
  t.strictSame(await list('new'), [], 'undeclared machines are not listed')
})

t.test('shows the additional members in $expand, and at most $top resources', async t => {
  const emulator = await build(t, { ...DECLARED, clock: new VirtualClock(), delay: 1000 })
  const list = async (query: string) => (await get(emulator, `${WEB}/resources${QUERY}${query}`)).json().value
  matchList(t, await list('&$top=1&$expand=provisioningState'), [{ name: 'front', provisioningState: 'Succeeded' }])
  const url = `${WEB}/providers/Microsoft.Compute/virtualMachines/front/restart?api-version=2024-07-01`
  await emulator.app.inject({ method: 'POST', url, headers: AUTHORIZATION })
  matchList(t, await list("&$expand=createdTime,changedTime,provisioningState&$filter=resourceType eq 'microsoft.compute/VIRTUALMACHINES'"),
    [{ name: 'front', createdTime: /^2024-.*Z$/, changedTime: /^2024-.*Z$/, provisioningState: 'Updating' }])
})

t.test('lists the resources of a subscription that $filter describes, in any case', async t => {
  const emulator = await build(t, DECLARED)
  for (const [filter, names] of [
    ["resourceType eq 'Microsoft.Compute/virtualMachines'", ['front', 'store']],
    // Like `az resource list -g db -n STORE -l eastus`.
    ["resourceGroup eq 'DB' and name eq 'STORE'", ['store']],
    ["location eq 'eastus' and resourceType eq 'Microsoft.Network/networkInterfaces'", ['frontVMNic']],
    ["name eq 'front' and name eq 'store'", []],
    ["location eq 'here and there'", []],
    ["name eq 'it''s'", []],
    // Recorded: azure-sdk-for-python #23561.
    ["name eq 'FRONT' or name eq 'store'", ['front', 'store']],
    ["name eq 'store' or name eq 'front' and location eq 'nowhere'", ['store']],
    ["(name eq 'store' or name eq 'front') and location EQ 'eastus'", ['front']],
    ["resourceGroup ne 'web'", ['store', 'storeVMNic', 'storePublicIP']],
    ["SubstringOf('NIC', name)", ['frontVMNic', 'storeVMNic']],
    ["substringof('we',resourceGroup) and resourceType eq 'Microsoft.Compute/virtualMachineScaleSets'", ['ss']],
    // The resources of azrun have neither an identity nor a plan nor tags.
    ["identity/principalId eq 'x'", []],
    ["plan/publisher eq 'x' and plan/name eq 'y'", []],
    ["identity ne 'x' and name eq 'ss'", ['ss']],
    ["tagName eq 'a' and tagValue eq 'b'", []],
    ["startswith(tagName, 'a')", []]
  ] as const) {
    const { value } = (await get(emulator, `${ROOT}/resources${QUERY}&$filter=${filter}`)).json()
    t.strictSame(value.map(({ name }: { name: string }) => name), names, filter)
  }
})

t.test('lists the managed run commands of machines, but not those of instances', async t => {
  // Documented: Resource Graph and tags have this type among the tracked ones, and not that of instances.
  const emulator = await build(t, DECLARED)
  const compute = `${WEB}/providers/Microsoft.Compute`
  const put = async (path: string, { location = 'eastus', tags }: { location?: string, tags?: object } = {}) => {
    const body = { location, tags, properties: { source: { script: 'date' } } }
    const { statusCode } = await emulator.app.inject({ method: 'PUT', url: `${path}?api-version=2024-07-01`, headers: AUTHORIZATION, body })
    t.equal(statusCode, 201, path)
  }
  const undeclared = `${compute.replace('web', 'new')}/virtualMachines/vm/runCommands/third`
  await put(undeclared)
  await put(`${compute}/virtualMachines/front/runCommands/Second`, { tags: { Team: 'a' } })
  await put(`${compute}/virtualMachines/FRONT/runCommands/first`)
  await put(`${compute}/virtualMachineScaleSets/ss/virtualMachines/0/runCommands/other`, { location: 'westus' })
  const list = async (query: string) => (await get(emulator, query)).json().value
  const shared = { type: 'Microsoft.Compute/virtualMachines/runCommands', location: 'eastus' }
  const first = { id: `${compute}/virtualMachines/front/runCommands/first`, name: 'front/first', ...shared }
  const second = { id: `${compute}/virtualMachines/front/runCommands/Second`, name: 'front/Second', ...shared, tags: { Team: 'a' } }
  const third = { id: undeclared, name: 'vm/third', ...shared }
  const ofType = `&$filter=resourceType eq '${shared.type}'`
  t.strictSame(await list(`${WEB}/resources${QUERY}${ofType}`), [first, second])
  t.strictSame((await list(`${WEB}/resources${QUERY}`)).slice(-2), [first, second], 'after the other resources')
  t.strictSame(await list(`${ROOT}/resources${QUERY}${ofType}`), [third, first, second])
  t.strictSame(await list(`${ROOT}/resourceGroups/db/resources${QUERY}${ofType}`), [])
  const { tags, ...untagged } = second
  for (const filter of ["tagName eq 'team'", "tagName eq 'team' and tagValue eq 'a'", "startswith(tagName, 'te')"]) {
    t.strictSame(await list(`${ROOT}/resources${QUERY}&$filter=${filter}`), [untagged], 'without tags: azure-cli #7674')
  }
  t.strictSame(await list(`${ROOT}/resources${QUERY}&$filter=tagName eq 'team' and tagValue eq 'A'`), [])
  matchList(t, await list(`${WEB}/resources${QUERY}&$expand=provisioningState&$filter=name eq 'front/first'`),
    [{ name: 'front/first', provisioningState: 'Succeeded' }])
})

t.test('substringof in $filter overrides $top', async t => {
  // Recorded: azure-rest-api-specs #6967.
  const emulator = await build(t, DECLARED)
  const { value, nextLink } = (await get(emulator, `${ROOT}/resources${QUERY}&$top=1&$filter=substringof('store', name)`)).json()
  t.strictSame([value.length, nextLink], [3, undefined])
})

t.test('has the error for another $filter, and for a resource group that does not exist', async t => {
  const emulator = await build(t, { ...DECLARED, strict: true })
  for (const filter of [
    // Recorded: azure-sdk-for-net #2757 and azure-cli #7674, for tags beside something else.
    "resourceType eq 'Microsoft.Compute/virtualMachines' and tagName eq 'a' and tagValue eq 'b'",
    "tagName eq 'a' and tagValue eq 'b' and name eq 'c'", "tagValue eq 'b'", "tagName ne 'a'", "startswith(name, 'a')",
    "constructor eq 'a'", "size eq 'name'", 'name', "name eq 'front", "name eq 'front' or", "name eq 'a' name eq 'b'", "(name eq 'a'",
    "substringof('a', location)", "substringof(name, 'a')", "not name eq 'a'", 'x', '@', "name eq 'a' @"
  ]) {
    const filtered = await get(emulator, `${WEB}/resources${QUERY}&$filter=${filter}`)
    t.equal(filtered.statusCode, 400, filter)
    t.equal(filtered.body, '{"error":{"code":"InvalidFilterInQueryString","message":"' +
      `Invalid $filter '${filter}' specified in the query string."}}`, 'recorded: azure-sdk-for-net #18748')
  }
  const missing = await get(emulator, `${ROOT}/resourceGroups/none/resources${QUERY}`)
  t.strictSame([missing.statusCode, missing.json().error.code], [404, 'ResourceGroupNotFound'])
})
