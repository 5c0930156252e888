import t from 'tap'
import { scaleSetId, type Emulator, type EmulatorOptions } from '../../../src/index.js'
import { VirtualClock } from '../../../src/time/virtual-clock.js'
import { API_VERSION, AUTHORIZATION, build, get, SUBSCRIPTION } from '../../harness/emulator.js'
import { whole } from '../../harness/whole.js'

const SET = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/ss`
const SLOW: EmulatorOptions = { clock: 'virtual', delay: 60_000, pace: 'azure' }
const FOREVER = [{ name: 'forever', match: {}, result: { exitCode: 0, stdout: '', stderr: '', durationMs: 3_600_000 } }]
const BATCHED = 'Microsoft.Compute/VMScaleSetBatchedVMRequestsSubscriptionMaximum;5999,Microsoft.Compute/VmssQueuedVMOperations;0'

interface Sent {
  readonly body?: object
  readonly query?: string
  /** Whether the response waits for the end of the operation. */
  readonly isWaiting?: boolean
}

async function post ({ app }: Emulator, path: string, { body, query = '', isWaiting = false }: Sent = {}) {
  const url = `${SET}/${path}?api-version=${API_VERSION}${query}`
  const headers = { ...AUTHORIZATION, ...isWaiting && { prefer: 'wait=10' } }
  return await app.inject({ method: 'POST', url, headers, ...body !== undefined && { body } })
}

async function statesOf (emulator: Emulator): Promise<Record<string, string>> {
  const scaleSet = emulator.scaleSets.find(scaleSetId(SUBSCRIPTION, 'rg', 'ss'))!
  const states = emulator.scaleSets.instances(scaleSet).map(async vm => {
    const { powerState, transition } = await whole(emulator).machineStates.read(vm)
    return [vm.id.name, transition ?? powerState]
  })
  return Object.fromEntries(await Promise.all(states))
}

for (const [path, after] of [
  ['start', 'running'], ['restart', 'running'], ['redeploy', 'running'], ['poweroff', 'stopped'], ['powerOff', 'stopped'],
  ['deallocate', 'deallocated']
] as const) {
  t.test(`${path} of a scale set changes all its instances, or those of the body`, async t => {
    for (const body of [undefined, {}, { instanceIds: ['*'] }, { instanceIds: [] }]) {
      const emulator = await build(t)
      const { statusCode, headers } = await post(emulator, path, { body })
      t.equal(statusCode, 202, JSON.stringify(body))
      t.equal(headers['x-ms-request-charge'], '2')
      t.equal((await get(emulator, `${headers['location']}`)).body, '')
      t.same(await statesOf(emulator), { 0: after, 1: after })
    }
    const emulator = await build(t)
    t.equal((await post(emulator, path, { body: { instanceIds: ['1', '1'] } })).headers['x-ms-request-charge'], '1')
    t.same(await statesOf(emulator), { 0: 'running', 1: after })
  })

  t.test(`${path} of one instance leaves the others unchanged, and * changes all`, async t => {
    const emulator = await build(t)
    for (const segment of ['virtualmachines', 'virtualMachines']) {
      const { statusCode, headers } = await post(emulator, `${segment}/0/${path}`)
      t.equal(statusCode, 202)
      t.equal(headers['x-ms-request-charge'], '1')
    }
    t.same(await statesOf(emulator), { 0: after, 1: 'running' })
    const { headers } = await post(emulator, `virtualMachines/%2A/${path}`)
    t.equal(headers['x-ms-request-charge'], '2')
    t.same(await statesOf(emulator), { 0: after, 1: after })
  })
}

t.test('each action has the recorded quotas', async t => {
  const actions = `Microsoft.Compute/VMScaleSetActionsSubscriptionMaximum;1499,${BATCHED}`
  const deletes = `Microsoft.Compute/DeleteVMScaleSetSubscriptionMaximum;524,${BATCHED}`
  const instance = 'Microsoft.Compute/VMScaleSetVMActionsSubscriptionMaximum;1999,Microsoft.Compute/VMScaleSetVMActionsResource;11'
  const deleted = 'Microsoft.Compute/DeleteVMScaleSetVMSubscriptionMaximum;1999,Microsoft.Compute/DeleteVMScaleSetVMResource;11'
  const emulator = await build(t)
  for (const [path, bucket] of [
    ['restart', actions], ['start', actions], ['poweroff', deletes], ['deallocate', deletes],
    ['virtualmachines/0/start', `${instance},${BATCHED}`], ['virtualMachines/%2A/deallocate', `${deleted},${BATCHED}`]
  ] as const) {
    const { headers } = await post(emulator, path)
    t.equal(headers['x-ms-ratelimit-remaining-resource'], bucket, path)
    t.equal(headers['retry-after'], '1', path)
  }
  const { headers } = await post(emulator, 'deallocate', { query: '&hibernate=true' })
  t.equal(headers['x-ms-ratelimit-remaining-resource'], 'Microsoft.Compute/DeleteVMScaleSetSubscriptionMaximum;524')
  t.equal(headers['x-ms-request-charge'], undefined)
})

t.test('the operation is in the region of the scale set', async t => {
  const emulator = await build(t, {
    virtualMachineScaleSets: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss', location: 'eastus' }]
  })
  for (const path of ['restart', 'virtualMachines/0/restart', 'virtualMachines/%2A/restart']) {
    t.match((await post(emulator, path)).headers['azure-asyncoperation'], '/locations/eastus/operations/', path)
  }
})

t.test('with --pace azure a 202 has no Retry-After', async t => {
  const emulator = await build(t, { pace: 'azure' })
  for (const path of ['start', 'deallocate', 'virtualMachines/0/deallocate']) {
    const { statusCode, headers } = await post(emulator, path)
    t.strictSame([statusCode, headers['retry-after']], [202, undefined], path)
  }
})

t.test("an unknown instance is refused with Azure's message, and no instance changes", async t => {
  const emulator = await build(t, {
    virtualMachineScaleSets: [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss', instances: ['0', '3'] }]
  })
  const message = 'The provided instanceId 2143 is not an active Virtual Machine Scale Set VM instanceId.'
  for (const response of [
    await post(emulator, 'poweroff', { body: { instanceIds: ['0', '2143'] } }), await post(emulator, 'virtualmachines/2143/poweroff')
  ]) {
    t.equal(response.statusCode, 400)
    t.same(response.json(), { error: { code: 'InvalidParameter', message, target: 'instanceIds' } })
  }
  t.same(await statesOf(emulator), { 0: 'running', 3: 'running' })
})

t.test('a body with more than 1000 instance ids is refused', async t => {
  const emulator = await build(t)
  const instanceIds = Array.from({ length: 1001 }, (_, id) => `${id}`)
  t.equal((await post(emulator, 'start', { body: { instanceIds } })).statusCode, 400)
  t.equal((await post(emulator, 'start', { body: { instanceIds: instanceIds.slice(1) } })).statusCode, 202)
})

t.test('a body without a valid list of ids is refused', async t => {
  const emulator = await build(t)
  for (const body of [{ instanceIds: '0' }, { instanceIds: [{}] }, { ids: ['0'] }, []]) {
    t.equal((await post(emulator, 'start', { body })).statusCode, 400, JSON.stringify(body))
  }
})

t.test('an action on a deallocated instance is refused, and an action on all instances skips it', async t => {
  const emulator = await build(t)
  await post(emulator, 'virtualMachines/0/deallocate')
  const refused = await post(emulator, 'virtualmachines/0/poweroff')
  t.equal(refused.statusCode, 409)
  t.match(refused.json().error.message, /^Operation 'powerOff' is not allowed on VM 'ss_0' since/)
  t.equal((await post(emulator, 'restart', { body: { instanceIds: ['0'] } })).statusCode, 409)
  t.equal((await post(emulator, 'poweroff')).statusCode, 202)
  t.same(await statesOf(emulator), { 0: 'deallocated', 1: 'stopped' })
})

t.test('actions on two instances run at the same time, and an action on the scale set preempts them', async t => {
  const emulator = await build(t, { ...SLOW, clock: 'virtual' })
  const one = await post(emulator, 'virtualmachines/0/restart')
  t.equal((await post(emulator, 'virtualmachines/1/restart')).statusCode, 202)
  t.equal((await post(emulator, 'deallocate')).statusCode, 202)
  t.match((await get(emulator, `${one.headers['azure-asyncoperation']}`)).json(), { error: { code: 'OperationPreempted' } })
  t.same(await statesOf(emulator), { 0: 'deallocating', 1: 'deallocating' })
  t.equal((await post(emulator, 'virtualmachines/1/start')).statusCode, 409)
})

t.test('an action preempts only operations that change one of its instances', async t => {
  const emulator = await build(t, SLOW)
  const statusOf = async (url: unknown) => (await get(emulator, `${url}`)).json().status
  const { headers: { 'azure-asyncoperation': first } } = await post(emulator, 'deallocate', { body: { instanceIds: ['0'] } })
  t.equal((await post(emulator, 'virtualMachines/1/restart')).statusCode, 202)
  t.equal((await post(emulator, 'virtualMachines/1/powerOff')).statusCode, 202)
  t.same([await statusOf(first), await statesOf(emulator)], ['InProgress', { 0: 'deallocating', 1: 'stopping' }])
})

t.test('an action on a scale set does not preempt one on an instance that it skips', async t => {
  const clock = new VirtualClock()
  const emulator = await build(t, { ...SLOW, clock })
  await post(emulator, 'powerOff', { body: { instanceIds: ['0'] } })
  const { statusCode, body } = await post(emulator, 'powerOff')
  t.match([statusCode, body], [409, /"Conflict"/])
  await clock.advance(60_000)
  t.same(await statesOf(emulator), { 0: 'stopped', 1: 'running' })
})

t.test('poweroff of an instance ends only its run command', async t => {
  const emulator = await build(t, { clock: 'virtual', fixtures: FOREVER, pace: 'azure' })
  const runs = await Promise.all(['0', '1'].map(id => post(emulator, `virtualmachines/${id}/runCommand`, { body: { commandId: 'RunShellScript' } })))
  await post(emulator, 'poweroff', { body: { instanceIds: ['1'] }, isWaiting: true })
  const [first, second] = await Promise.all(runs.map(async ({ headers }) => (await get(emulator, `${headers['azure-asyncoperation']}`)).json()))
  t.match(first, { status: 'InProgress' })
  t.match(second, { status: 'Failed', error: { code: 'VMAgentStatusCommunicationError', message: /^VM 'ss_1' has not reported/ } })
})

t.test('an operation that a scenario fails changes no power state', async t => {
  const scenarios = [{
    name: 'no-capacity',
    match: { operation: 'VirtualMachineScaleSets_Start' },
    do: [{ operation: { outcome: { code: 'AllocationFailed', message: 'No capacity.' } } }]
  }]
  const emulator = await build(t, { scenarios })
  await post(emulator, 'deallocate')
  const { headers } = await post(emulator, 'start')
  t.match((await get(emulator, `${headers['azure-asyncoperation']}`)).json(), { status: 'Failed', error: { code: 'AllocationFailed' } })
  t.same(await statesOf(emulator), { 0: 'deallocated', 1: 'deallocated' })
})
