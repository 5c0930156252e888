import t from 'tap'
import { VirtualClock, type VirtualMachineDeclaration } from '../../../src/index.js'
import { affect } from '../../harness/effects.js'
import { AUTHORIZATION, build, get, SUBSCRIPTION } from '../../harness/emulator.js'

const ROOT = `/subscriptions/${SUBSCRIPTION}`
const MACHINES = 'providers/Microsoft.Compute/virtualMachines'
const QUERY = '?api-version=2024-07-01'
const URL = `${ROOT}/resourceGroups/web/${MACHINES}/front`

const virtualMachines: readonly VirtualMachineDeclaration[] = [
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'web', name: 'front' },
  { subscriptionId: SUBSCRIPTION, resourceGroup: 'db', name: 'store', powerState: 'stopped' }
]

t.test('instanceView returns the instance view of a machine', async t => {
  // Recorded: net_power_vm_2023-03-01_hibernate. The members are those of $expand, with an indent of two.
  const emulator = await build(t, { virtualMachines })
  const { statusCode, body, headers } = await get(emulator, `${URL}/INSTANCEVIEW${QUERY}`)
  t.equal(statusCode, 200)
  const { properties: { instanceView } } = (await get(emulator, `${URL}${QUERY}&$expand=instanceView`)).json()
  t.equal(body, JSON.stringify(instanceView, null, 2).replaceAll('\n', '\r\n'))
  t.match(headers['x-ms-ratelimit-remaining-resource'], /LowCostGetResource/)
  t.notOk('etag' in headers)
})

t.test('instanceView refuses a missing machine', async t => {
  const emulator = await build(t, { virtualMachines })
  const { statusCode, body } = await get(emulator, `${URL}-2/instanceView${QUERY}`)
  t.equal(statusCode, 404)
  t.equal(JSON.parse(body).error.message.slice(0, 60), "The Resource 'Microsoft.Compute/virtualMachines/front-2' und")
})

t.test('a machine has an ETag, but not with $expand=instanceView', async t => {
  // Recorded: azcli_power_vm_2024-07-01, exchanges 24 and 32.
  const emulator = await build(t, { virtualMachines })
  const stopped = `${ROOT}/resourceGroups/db/${MACHINES}/store`
  t.equal((await get(emulator, `${stopped}${QUERY}`)).headers['etag'], '"2"', 'whatever its declared state')
  for (const [query, etag] of [
    [QUERY, '"2"'], [`${QUERY}&$expand=instanceView`, undefined], ['?api-version=2024-03-01', undefined]
  ] as const) {
    const { headers } = await get(emulator, `${URL}${query}`)
    t.equal(headers['etag'], etag, query)
  }
})

t.test('accepts $expand=instanceView in any case, and refuses unknown values', async t => {
  const emulator = await build(t, { virtualMachines })
  for (const value of ['instanceView', 'instanceview', 'INSTANCEVIEW']) {
    t.ok((await get(emulator, `${URL}${QUERY}&%24expand=${value}`)).json().properties.instanceView, value)
  }
  const { statusCode, body } = await get(emulator, `${URL}${QUERY}&$expand=everything`)
  t.equal(statusCode, 400)
  t.match(JSON.parse(body).error, { code: 'InvalidParameter', target: '$expand' })
})

t.test('lists the machines of a subscription only with their states for statusOnly=true', async t => {
  // Inferred: no capture.
  const emulator = await build(t, { virtualMachines })
  const listOf = async (query: string) =>
    (await get(emulator, `${ROOT}/${MACHINES}${QUERY}${query}`)).json().value
  const [front, store] = await listOf('&statusOnly=true')
  t.strictSame(Object.keys(front), ['name', 'id', 'type', 'location', 'properties'])
  t.strictSame(Object.keys(front.properties), ['instanceView'])
  t.equal(store.properties.instanceView.statuses[1].code, 'PowerState/stopped')
  const [whole] = await listOf('&statusOnly=false')
  t.ok(whole.properties.vmId)
  t.notOk(whole.properties.instanceView)
})

t.test('lists no instance views except for the machines of a scale set, of which there are none', async t => {
  const emulator = await build(t, { virtualMachines })
  const filter = `$filter='virtualMachineScaleSet/id' eq '${ROOT}/resourceGroups/db/${MACHINES}ScaleSets/ss'`
  for (const place of [ROOT, `${ROOT}/resourceGroups/db`]) {
    const list = async (query: string) => await get(emulator, `${place}/${MACHINES}${QUERY}&${encodeURI(query)}`)
    const refused = await list('$expand=InstanceView')
    t.equal(refused.statusCode, 400)
    t.equal(refused.json().error.message,
      'Expand Instance View is only supported when Virtual Machine Scale Set resource filter is applied')
    for (const query of [filter, `${filter}&$expand=instanceView`]) t.equal((await list(query)).body, '{"value":[]}')
    t.ok((await list("$filter=name eq 'x'")).json().value.length > 0)
  }
})

t.test('the instance view has the times when the agent started and the disk was released', async t => {
  // Recorded: azcli_power_vm_2024-07-01, exchanges 71 and 75.
  const clock = new VirtualClock(new Date('2024-08-27T10:00:00Z'))
  const emulator = await build(t, { virtualMachines, clock })
  const change = async (verb: string) =>
    await emulator.app.inject({ method: 'POST', url: `${URL}/${verb}${QUERY}`, headers: AUTHORIZATION })
  const view = async () => (await get(emulator, `${URL}/instanceView${QUERY}`)).json()
  await change('restart')
  const restarted = await view()
  t.equal(restarted.vmAgent.statuses[0].time, '2024-08-27T10:00:00+00:00')
  t.not(restarted.disks[0].statuses[0].time, restarted.statuses[0].time)
  await clock.advance(60_000)
  await change('deallocate')
  const { disks, statuses } = await view()
  t.match(disks[0].statuses[0].time, /^2024-08-27T10:01:00\.000\d+\+00:00$/)
  t.equal(statuses[0].time, disks[0].statuses[0].time)
})

t.test('each power operation counts up the etag, even one that fails', async t => {
  const emulator = await build(t, { virtualMachines })
  const etag = async () => (await get(emulator, `${URL}${QUERY}`)).headers['etag']
  const change = async (verb: string) =>
    await emulator.app.inject({ method: 'POST', url: `${URL}/${verb}${QUERY}`, headers: AUTHORIZATION })
  await change('restart')
  t.equal(await etag(), '"3"')
  await affect(emulator, { operation: 'VirtualMachines_PowerOff' }, { operation: { outcome: { code: 'Failed', message: 'No.' } } })
  await change('powerOff')
  t.equal(await etag(), '"4"')
  t.match((await get(emulator, `${URL}/instanceView${QUERY}`)).body, 'PowerState/running')
})

t.test('a start of a stopped machine keeps the time of its agent, and one of a deallocated machine renews it', async t => {
  const clock = new VirtualClock(new Date('2024-08-27T10:00:00Z'))
  const emulator = await build(t, { virtualMachines, clock })
  const change = async (verb: string) => {
    await clock.advance(60_000)
    await emulator.app.inject({ method: 'POST', url: `${URL}/${verb}${QUERY}`, headers: AUTHORIZATION })
  }
  const agentTime = async () => (await get(emulator, `${URL}/instanceView${QUERY}`)).json().vmAgent.statuses[0].time
  await change('restart')
  for (const verb of ['powerOff', 'start']) await change(verb)
  t.equal(await agentTime(), '2024-08-27T10:01:00+00:00')
  for (const verb of ['deallocate', 'start']) await change(verb)
  t.equal(await agentTime(), '2024-08-27T10:05:00+00:00')
})

t.test('a deallocation with hibernate=true hibernates a machine until it starts', async t => {
  const emulator = await build(t, { virtualMachines })
  const codesAfter = async (verb: string, query = '') => {
    await emulator.app.inject({ method: 'POST', url: `${URL}/${verb}${QUERY}${query}`, headers: AUTHORIZATION })
    const { statuses } = (await get(emulator, `${URL}/instanceView${QUERY}`)).json()
    return statuses.slice(1).map(({ code }: { code: string }) => code)
  }
  t.strictSame(await codesAfter('deallocate', '&hibernate=true'), ['PowerState/deallocated', 'HibernationState/Hibernated'])
  t.strictSame(await codesAfter('start'), ['PowerState/running'])
  t.strictSame(await codesAfter('deallocate', '&hibernate=false'), ['PowerState/deallocated'])
})
