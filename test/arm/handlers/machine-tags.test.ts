import t, { type Test } from 'tap'
import type { EmulatorOptions } from '../../../src/index.js'
import { AUTHORIZATION, build, get, SUBSCRIPTION } from '../../harness/emulator.js'

const ROOT = `/subscriptions/${SUBSCRIPTION}`
const COMPUTE = `${ROOT}/resourceGroups/rg/providers/Microsoft.Compute`
const tags = { Team: 'blue', schedule: 'nights off' }

const place = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }
const DECLARED: EmulatorOptions = {
  virtualMachines: [{ ...place, name: 'tagged', tags }, { ...place, name: 'plain', tags: {} }],
  virtualMachineScaleSets: [{ ...place, name: 'farm', instances: ['0'], tags }, { ...place, name: 'bare', instances: ['0'] }]
}

async function read (t: Test, path: string) {
  const { statusCode, json } = await get(await build(t, DECLARED), path)
  t.equal(statusCode, 200, path)
  return json()
}

t.test('a machine has its tags after its location, and without tags no such member', async t => {
  // Recorded: the order, azcli_power_vm_2024-07-01.
  const { value: [tagged, plain] } = await read(t, `${ROOT}/providers/Microsoft.Compute/virtualMachines?api-version=2024-07-01`)
  t.strictSame(Object.keys(tagged), ['name', 'id', 'type', 'location', 'tags', 'properties', 'etag'])
  t.strictSame(tagged.tags, tags)
  t.notOk('tags' in plain)
  t.strictSame((await read(t, `${COMPUTE}/virtualMachines/tagged?api-version=2019-07-01&$expand=instanceView`)).tags, tags)
})

t.test('a scale set and its instances have its tags', async t => {
  for (const path of ['', '/virtualMachines/0']) {
    t.strictSame((await read(t, `${COMPUTE}/virtualMachineScaleSets/farm${path}?api-version=2024-07-01`)).tags, tags, path)
    t.strictSame((await read(t, `${COMPUTE}/virtualMachineScaleSets/bare${path}?api-version=2024-07-01`)).tags, {}, path)
  }
})

t.test('the lists of resources have the tags of machines and scale sets', async t => {
  const { value } = await read(t, `${ROOT}/resourceGroups/rg/resources?api-version=2022-09-01`)
  const tagged = value.filter((resource: object) => 'tags' in resource)
  t.strictSame(tagged.map(({ name, tags }: any) => [name, tags]), [['tagged', tags], ['farm', tags]])
})

t.test('Azure Resource Graph has the tags of machines and scale sets', async t => {
  const { app } = await build(t, DECLARED)
  const { statusCode, body } = await app.inject({
    method: 'POST',
    url: '/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01',
    headers: AUTHORIZATION,
    body: { subscriptions: [SUBSCRIPTION], query: "Resources | where name=='tagged' | project name, tags" }
  })
  t.equal(statusCode, 200)
  t.strictSame(JSON.parse(body).data, [{ name: 'tagged', tags }])
})

t.test('what is kept of tags does not change with the declaration', async t => {
  const changing: Record<string, string> = { a: '1' }
  const emulator = await build(t, { virtualMachines: [{ ...place, name: 'vm', tags: changing }] })
  changing['a'] = '2'
  const { json } = await get(emulator, `${COMPUTE}/virtualMachines/vm?api-version=2024-07-01`)
  t.strictSame(json().tags, { a: '1' })
})
