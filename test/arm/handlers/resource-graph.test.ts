import t from 'tap'
import type { EmulatorOptions, VirtualMachineDeclaration } from '../../../src/index.js'
import { AUTHORIZATION, build, SUBSCRIPTION } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'

const OTHER = '00000000-0000-0000-0000-000000000001'
const MACHINE = "where type=~'Microsoft.Compute/virtualMachines'"

const virtualMachines: readonly VirtualMachineDeclaration[] = [
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'Web', name: 'front', location: 'eastus' },
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'Web', name: 'back' },
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'db', name: 'store_and_more' },
  { subscriptionId: OTHER, resourceGroup: 'web', name: 'other' }
]

t.test('finds machines with the query of chaostoolkit-azure', async t => {
  // Source: chaosazure/common/resources/graph.py.
  const result = await search(t, { query: `Resources | ${MACHINE}| where resourceGroup =~ 'WEB'`, options: { resultFormat: 'table' } })
  t.match(result, { totalRecords: 2, count: 2, facets: { length: 0 }, resultTruncated: 'false' })
  const { columns, rows } = result.data
  const place = columns.findIndex(({ name }: { name: string }) => name === 'name')
  t.strictSame(columns[place], { name: 'name', type: 'string' })
  t.strictSame(rows.map((row: unknown[]) => row[place]), ['front', 'back'])
  t.ok(rows.every((row: unknown[]) => row.length === columns.length))
})

t.test('returns types and groups in lower case, and all other values unchanged', async t => {
  const { data: [front] } = await search(t, { query: 'Resources' })
  t.match(front, {
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/Web/providers/Microsoft.Compute/virtualMachines/front`,
    name: 'front',
    type: 'microsoft.compute/virtualmachines',
    location: 'eastus',
    resourceGroup: 'web',
    subscriptionId: SUBSCRIPTION,
    tags: null,
    properties: { provisioningState: 'Succeeded', storageProfile: { osDisk: { osType: 'Linux' } } }
  })
  t.equal(Object.keys(front).length, 16)
})

t.test('returns scale sets after machines', async t => {
  const scaleSet = { subscriptionId: SUBSCRIPTION, resourceGroup: 'Web', name: 'farm', location: 'eastus', instances: ['0', '3'] }
  const virtualMachineScaleSets = [scaleSet, { ...scaleSet, subscriptionId: OTHER }]
  const query = "Resources | where type=~'Microsoft.Compute/virtualMachineScaleSets'"
  const { data } = await search(t, { query }, undefined, { virtualMachineScaleSets })
  matchList(t, data, [{
    id: `/subscriptions/${SUBSCRIPTION}/resourceGroups/Web/providers/Microsoft.Compute/virtualMachineScaleSets/farm`,
    type: 'microsoft.compute/virtualmachinescalesets',
    resourceGroup: 'web',
    sku: { name: 'Standard_DS1_v2', capacity: 2 },
    properties: { orchestrationMode: 'Uniform' }
  }])
  t.equal(Object.keys(data[0]).length, 16)
  const all = await search(t, { query: 'project name' }, undefined, { virtualMachineScaleSets })
  t.strictSame(all.data.map(({ name }: { name: string }) => name), ['front', 'back', 'store_and_more', 'farm'])
})

t.test('supports filters, orders, limits and projections', async t => {
  for (const [query, names] of [
    ["where resourceGroup == 'web'", ['front', 'back']],
    ["where resourceGroup == 'Web'", []],
    ["where resourceGroup !~ 'WEB'", ['store_and_more']],
    ["where name != 'back' and location =~ 'EastUS'", ['front']],
    ['where name == "store_and_more"', ['store_and_more']],
    ["where name == 'a | take 1'", []],
    ["where name !~ 'front and back' and name != 'store_and_more'", ['front', 'back']],
    ["RESOURCES | where type =~ 'microsoft.web/sites'", []],
    ['order by name asc', ['back', 'front', 'store_and_more']],
    ['sort by name', ['store_and_more', 'front', 'back']],
    ['take 1', ['front']],
    ['limit 2', ['front', 'back']],
    ['sample 1 | project name', ['front']],
    ['project name, location', ['front', 'back', 'store_and_more']]
  ] as const) {
    const { data } = await search(t, { query })
    t.strictSame(data.map(({ name }: { name: string }) => name), names, query)
  }
  const { data } = await search(t, { query: 'project location , name | take 1' })
  t.strictSame(data, [{ location: 'eastus', name: 'front' }])
})

t.test('returns at most 100 rows, unless the request asks for more', async t => {
  const machines = Array.from({ length: 101 }, (_, index) => ({ ...virtualMachines[0]!, name: `vm-${index}` }))
  const first = await search(t, { query: 'project name' }, undefined, { virtualMachines: machines })
  t.match(first, { totalRecords: 101, count: 100, resultTruncated: 'true', data: { length: 100 } })
  const last = await search(t, { query: 'project name', options: { $skip: 100 } }, undefined, { virtualMachines: machines })
  t.match(last, { totalRecords: 101, count: 1, resultTruncated: 'false', data: { length: 1 } })
  const all = await search(t, { query: 'project name', options: { $top: 200 } }, undefined, { virtualMachines: machines })
  t.match(all, { totalRecords: 101, count: 101, resultTruncated: 'false' })
})

t.test('searches the given subscriptions, by default all, and returns the requested page', async t => {
  const body = { query: 'project name' }
  t.equal((await search(t, { ...body, subscriptions: [OTHER] })).totalRecords, 1)
  t.equal((await search(t, { ...body, subscriptions: undefined })).totalRecords, 4)
  t.equal((await search(t, { ...body, subscriptions: [OTHER, OTHER] })).totalRecords, 1, 'a subscription that is given twice counts once')
  t.equal((await search(t, { ...body, subscriptions: [SUBSCRIPTION, SUBSCRIPTION.toUpperCase()] })).totalRecords, 3, 'in any case')
  t.match(await search(t, { ...body, options: { $top: 1, $skip: 1 } }), {
    totalRecords: 3, count: 1, resultTruncated: 'true', data: { 0: { name: 'back' }, length: 1 }
  })
})

t.test('returns a table by default in older api-versions', async t => {
  t.ok((await search(t, { query: 'project name' }, '2019-04-01')).data.rows)
  t.ok(Array.isArray((await search(t, { query: 'project name' }, '2021-03-01')).data))
  t.ok((await search(t, { query: 'project name', options: { resultFormat: 'Table' } }, '2021-03-01')).data.rows)
})

t.test('refuses an unsupported part of a query, and lists what it supports', async t => {
  for (const [body, part] of [
    [{ query: 'summarize count() by location' }, 'summarize count() by location'],
    [{ query: 'where name contains "x"' }, 'where name contains "x"'],
    [{ query: 'where name == 5' }, 'where name == 5'],
    [{ query: "where size == 'x'" }, "the column 'size'"],
    [{ query: 'project toString' }, "the column 'toString'"],
    [{ query: 'take many' }, 'take many'],
    [{ query: 'take 1 2' }, 'take 1 2'],
    [{ query: 'order by name asc, location' }, 'order by name asc, location'],
    [{ query: 'project name, id, name' }, "the column 'name' twice"],
    [{ query: `Resources${' | take 1'.repeat(10_000)}` }, 'more than 65536 characters'],
    [{ query: '' }, ''],
    [{ query: 'Resources', managementGroups: ['x'] }, 'managementGroups'],
    [{ query: 'Resources', facets: [] }, 'facets'],
    [{ query: 'Resources', options: { $skipToken: 'x' } }, '$skipToken']
  ] as const) {
    const { error } = await search(t, body)
    t.equal(error.code, 'BadRequest', part)
    t.match(error.message, `azrun does not know ${part} in a query of resources. It knows: Resources | where`)
    t.strictSame(error.details, [{ code: 'InvalidQuery', message: error.message }], part)
  }
})

t.test('refuses a body whose query is missing or not a text', async t => {
  t.match(await search(t, { subscriptions: [] }), { error: { code: 'InvalidParameter', target: 'query' } })
  t.match(await search(t, { query: {} }), { error: { code: 'BadRequest' } })
})

async function search (t: import('tap').Test, body: object, apiVersion = '2022-10-01',
  options: EmulatorOptions = {}): Promise<any> {
  const { app } = await build(t, { virtualMachines, ...options })
  const { body: text } = await app.inject({
    method: 'POST',
    url: `/providers/Microsoft.ResourceGraph/resources?api-version=${apiVersion}`,
    headers: AUTHORIZATION,
    body: { subscriptions: [SUBSCRIPTION], ...body }
  })
  return JSON.parse(text)
}
