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

t.test('lists the resources of a subscription for which all comparisons in $filter hold, in any case', async t => {
  const emulator = await build(t, DECLARED)
  for (const [filter, names] of [
    ["resourceType eq 'Microsoft.Compute/virtualMachines'", ['front', 'store']],
    // Like `az resource list -g db -n STORE -l eastus`.
    ["resourceGroup eq 'DB' and name eq 'STORE'", ['store']],
    ["location eq 'eastus' and resourceType eq 'Microsoft.Network/networkInterfaces'", ['frontVMNic']],
    ["name eq 'front' and name eq 'store'", []],
    ["location eq 'here and there'", []]
  ] as const) {
    const { value } = (await get(emulator, `${ROOT}/resources${QUERY}&$filter=${filter}`)).json()
    t.strictSame(value.map(({ name }: { name: string }) => name), names, filter)
  }
})

t.test('has the error for another $filter, and for a resource group that does not exist', async t => {
  const emulator = await build(t, { ...DECLARED, strict: true })
  for (const filter of ["tagName eq 'a' and tagValue eq 'b'", "name eq 'front' or name eq 'store'", "substringof('we', name)", 'name']) {
    const { statusCode, json } = await get(emulator, `${WEB}/resources${QUERY}&$filter=${filter}`)
    t.strictSame([statusCode, json().error.code], [400, 'BadRequest'], filter)
    t.match(json().error.message, `azrun does not know the filter ${filter}. It knows: `)
  }
  for (const filter of ["constructor eq 'a'", "size eq 'name'", 'x', '@']) {
    const filtered = await get(emulator, `${WEB}/resources${QUERY}&$filter=${filter}`)
    t.equal(filtered.statusCode, 400, filter)
    t.equal(filtered.body, '{"error":{"code":"InvalidFilterInQueryString","message":"' +
      `Invalid $filter '${filter}' specified in the query string."}}`, 'recorded: azure-sdk-for-net #18748')
  }
  const missing = await get(emulator, `${ROOT}/resourceGroups/none/resources${QUERY}`)
  t.strictSame([missing.statusCode, missing.json().error.code], [404, 'ResourceGroupNotFound'])
})
