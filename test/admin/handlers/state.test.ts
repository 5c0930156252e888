import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { createEmulator, MemoryStore, scaleSetId, virtualMachineId } from '../../../src/index.js'
import type { Emulator, EmulatorOptions, Records, ScopeNames, Store } from '../../../src/index.js'
import { callAdmin } from '../../harness/admin.js'
import { AUTHORIZATION, build, get, runCommand, runOnInstance, SUBSCRIPTION } from '../../harness/emulator.js'
import { endless } from '../../harness/execution.js'
import { managed, put } from '../../harness/managed.js'
import { matchList } from '../../harness/match-list.js'

const OTHER = '11111111-1111-1111-1111-111111111111'
const SCRIPT = { commandId: 'RunShellScript', script: ['true'] }
const SLOW = { name: 'slow', match: { subscriptionId: SUBSCRIPTION.toUpperCase(), vmName: 'none' }, do: [{ guest: { stdout: 'from a scenario' } }] }

t.test('a reset of a subscription cancels its operations, drops its state, and leaves other subscriptions alone', async t => {
  const emulator = await build(t, { executor: endless })
  const [own, other] = await Promise.all([SUBSCRIPTION, OTHER].map(async subscriptionId => {
    const { headers } = await runCommand(emulator, SCRIPT, { subscriptionId })
    return `${headers['azure-asyncoperation']}`
  }))
  await callAdmin(emulator, 'PUT', '/scenarios', { value: [SLOW, { name: 'all', match: { vmName: 'none' }, do: SLOW.do }] })
  const waiting = get(emulator, own!)
  t.match(await callAdmin(emulator, 'POST', '/reset', { subscriptionId: SUBSCRIPTION.toUpperCase() }),
    { status: 200, body: { dropped: { operations: 1, scenarios: 1, runCommands: 0 } } })
  t.equal((await waiting).json().status, 'Canceled')
  t.equal((await get(emulator, own!)).statusCode, 404)
  matchList(t, (await callAdmin(emulator, 'GET', '/scenarios')).body.value, [{ name: 'all' }])
  t.equal((await runCommand(emulator, SCRIPT, { subscriptionId: OTHER })).statusCode, 409, 'its run command still runs')
  t.match((await callAdmin(emulator, 'POST', '/reset', {})).body, { dropped: { operations: 1, scenarios: 1 } })
  t.equal((await get(emulator, other!)).statusCode, 404)
})

t.test('a reset drops only the requests of its scope, including polls', async t => {
  const emulator = await build(t)
  const places = [{}, { vmName: 'vm2' }, { resourceGroup: 'rg2' }, { subscriptionId: OTHER }]
  for (const place of places) {
    const { headers } = await runCommand(emulator, SCRIPT, place)
    await get(emulator, `${headers['azure-asyncoperation']}`)
  }
  const scope = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }
  t.equal((await emulator.reset({ ...scope, vmName: 'VM' })).requests, 2)
  t.equal((await emulator.reset(scope)).requests, 2)
  t.equal((await emulator.reset({ subscriptionId: SUBSCRIPTION.toUpperCase() })).requests, 2)
  t.equal((await emulator.reset()).requests, 2)
})

t.test('a reset of the instance of a scale set drops its state, and leaves other instances alone', async t => {
  const emulator = await build(t, { executor: endless })
  for (const instanceId of ['0', '1']) await runOnInstance(emulator, SCRIPT, { scaleSet: 'my_ss', instanceId })
  const other = { vmScaleSetName: 'other', instanceId: '0' }
  for (const name of ['one', 'two']) await put(emulator, 'true', { ...other, name })
  const reset = async (vmName: string) =>
    (await callAdmin(emulator, 'POST', '/reset', { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', vmName })).body.dropped
  t.strictSame(await reset('MY_SS_0'), { operations: 1, requests: 1, scenarios: 0, runCommands: 0 })
  t.strictSame(await reset('other_0'), { operations: 2, requests: 2, scenarios: 0, runCommands: 2 })
  t.equal((await managed(emulator, 'GET', { ...other, name: 'one' })).statusCode, 404)
  const again = ['0', '1'].map(async instanceId => (await runOnInstance(emulator, SCRIPT, { scaleSet: 'my_ss', instanceId })).statusCode)
  t.strictSame(await Promise.all(again), [202, 409])
})

t.test('a reset of a machine leaves other machines and the scenarios of its subscription alone', async t => {
  const emulator = await build(t, { executor: endless })
  for (const vmName of ['one', 'two']) await runCommand(emulator, SCRIPT, { vmName })
  await callAdmin(emulator, 'PUT', '/scenarios/slow', SLOW)
  const scope = { subscriptionId: SUBSCRIPTION, resourceGroup: 'RG', vmName: 'ONE' }
  t.match((await callAdmin(emulator, 'POST', '/reset', scope)).body, { dropped: { operations: 1, scenarios: 0 } })
  t.equal((await runCommand(emulator, SCRIPT, { vmName: 'one' })).statusCode, 202)
  t.equal((await runCommand(emulator, SCRIPT, { vmName: 'two' })).statusCode, 409)
  t.match(await emulator.reset({ subscriptionId: SUBSCRIPTION }), { operations: 2, scenarios: 1 }, 'the reset of the library')
  await t.rejects(emulator.reset({ resourceGroup: 'rg' }), { name: 'UsageError', message: "option 'resourceGroup' needs 'subscriptionId': give both" })
})

t.test('a reset of a subscription reads and deletes no record of other subscriptions', async t => {
  const asked: string[] = []
  const memory = new MemoryStore()
  const note = <Kept extends object> (records: Records<Kept>): Records<Kept> => ({
    get: key => records.get(key),
    set: (key, record) => records.set(key, record),
    add: (key, record) => records.add(key, record),
    list: prefix => { asked.push(prefix); return records.list(prefix) },
    delete: key => { asked.push(`${key.collectionKey}/`); return records.delete(key) }
  })
  const store: Store = {
    records: (kind, options) => note(memory.records(kind, options)),
    clear: prefix => { asked.push(prefix); memory.clear(prefix) }
  }
  const emulator = await build(t, { store })
  for (const subscriptionId of [SUBSCRIPTION, OTHER]) await runCommand(emulator, SCRIPT, { subscriptionId, headers: { prefer: 'wait=600' } })
  asked.length = 0
  await emulator.reset({ subscriptionId: SUBSCRIPTION })
  t.ok(asked.length > 0)
  t.same(asked.filter(path => !path.startsWith(`/subscriptions/${SUBSCRIPTION}/`)), [])
  asked.length = 0
  await emulator.reset({ subscriptionId: SUBSCRIPTION })
  t.equal(asked.length, 4, 'a reset of an idle subscription needs four calls of the store')
})

for (const [body, target, message] of [
  [{ resourceGroup: 'rg' }, 'resourceGroup', "'resourceGroup' needs 'subscriptionId': give both"],
  [{ subscriptionId: OTHER, vmName: 'vm' }, 'vmName', "'vmName' needs 'resourceGroup': give both"],
  [{ subscriptionId: 'x' }, 'subscriptionId', '\'subscriptionId\' must be a GUID, not "x"'],
  [{ subscription: OTHER }, 'subscription', "'subscription' is not a known property; did you mean 'subscriptionId'?"]
] as const) {
  t.test(`refuses a reset of ${JSON.stringify(body)}, and resets nothing`, async t => {
    const emulator = await build(t, { executor: endless })
    await runCommand(emulator, SCRIPT)
    t.match(await callAdmin(emulator, 'POST', '/reset', body), { status: 400, body: { error: { target, message } } })
    await t.rejects(emulator.reset(body as ScopeNames), { name: 'UsageError', message: new RegExp(target) })
    t.equal((await runCommand(emulator, SCRIPT)).statusCode, 409)
  })
}

/** Creates an emulator from a state, passed as a config file or as options. */
async function restarted (directory: string, state: object, as: 'file' | 'options') {
  const file = join(directory, 'state.json')
  writeFileSync(file, JSON.stringify(state))
  return await createEmulator(as === 'file' ? { config: file } : state as EmulatorOptions)
}

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'web' }

t.test('the state is a config that creates an emulator with the same state', async t => {
  const emulator = await build(t, {
    respond: 'immediate',
    delay: 5,
    pace: 'azure',
    fixtures: 'fixtures/default.json',
    adminToken: 'a-secret-of-this-azrun',
    dataDir: t.testdir(),
    virtualMachines: [
      machine,
      { ...machine, name: 'win', osType: 'Windows', location: 'East US', powerState: 'stopped', tags: { team: 'blue' } }
    ],
    powerStates: [{ ...machine, resourceGroup: 'free', name: 'off', powerState: 'stopped' }],
    servicePrincipals: [{ clientId: OTHER, clientSecret: 'secret' }]
  })
  const call = async (method: 'GET' | 'PUT' | 'DELETE', path: string, body?: object) =>
    await callAdmin(emulator, method, path, body, { authorization: 'Bearer a-secret-of-this-azrun' })
  await call('PUT', `/virtualMachines/${SUBSCRIPTION}/rg/web`, { powerState: 'deallocated' })
  await call('PUT', `/virtualMachines/${OTHER}/free/db`, { powerState: 'deallocated' })
  await call('PUT', `/virtualMachines/${OTHER}/late/new`, { osType: 'Windows' })
  await call('PUT', `/virtualMachines/${OTHER}/empty/gone`, {})
  await call('DELETE', `/virtualMachines/${OTHER}/empty/gone`)
  const { body: state } = await call('GET', '/state')
  t.strictSame(state, {
    port: 0,
    fixtures: join(process.cwd(), 'fixtures/default.json'),
    respond: 'immediate',
    delay: 5,
    pace: 'azure',
    servicePrincipals: [{ clientId: OTHER, clientSecret: 'secret' }],
    virtualMachines: [
      { ...machine, powerState: 'deallocated' },
      { ...machine, name: 'win', location: 'eastus', osType: 'Windows', powerState: 'stopped', tags: { team: 'blue' } },
      { subscriptionId: OTHER, resourceGroup: 'late', name: 'new', osType: 'Windows' }
    ],
    resourceGroups: [
      { subscriptionId: SUBSCRIPTION, name: 'rg' }, { subscriptionId: OTHER, name: 'late' }, { subscriptionId: OTHER, name: 'empty' }
    ],
    powerStates: [
      { ...machine, resourceGroup: 'free', name: 'off', powerState: 'stopped' },
      { subscriptionId: OTHER, resourceGroup: 'free', name: 'db', powerState: 'deallocated' }
    ]
  })
  for (const as of ['file', 'options'] as const) {
    const again = await restarted(t.testdir(), state, as)
    const { body } = await callAdmin(again, 'GET', '/state')
    t.equal(JSON.stringify(body), JSON.stringify(state), as)
    t.match(await callAdmin(again, 'GET', `/virtualMachines/${OTHER}/free/db2`), { body: { declared: false, powerState: 'running' } })
    t.equal((await callAdmin(again, 'GET', `/virtualMachines/${OTHER}/empty/gone`)).status, 404)
    await again.close()
  }
})

t.test('the state includes scale sets and the power states of their instances', async t => {
  const instance = { ...machine, name: 'ss', instanceId: '3' }
  const free = { ...machine, resourceGroup: 'free', name: 'any', instanceId: '7' }
  const scaleSets = [{ ...machine, name: 'ss', location: 'eastus', osType: 'Windows' as const, instances: ['3', '5'], tags: { team: 'blue' } }]
  const emulator = await build(t, { virtualMachineScaleSets: scaleSets, powerStates: [{ ...free, powerState: 'stopped' }] })
  const found = emulator.scaleSets.find(scaleSetId(SUBSCRIPTION, 'rg', 'ss'))!
  await emulator.machineStates.set(emulator.scaleSets.instance(found, '3')!, 'deallocated')
  await emulator.scaleSets.declare({ ...machine, name: 'plain' })
  const { body: state } = await callAdmin(emulator, 'GET', '/state')
  t.strictSame(state, {
    port: 0,
    virtualMachineScaleSets: [...scaleSets, { ...machine, name: 'plain' }],
    powerStates: [{ ...free, powerState: 'stopped' }, { ...instance, powerState: 'deallocated' }]
  })
  for (const as of ['file', 'options'] as const) {
    const again = await restarted(t.testdir(), state, as)
    t.strictSame((await callAdmin(again, 'GET', '/state')).body, state, as)
    const any = again.scaleSets.find(scaleSetId(SUBSCRIPTION, 'free', 'any'))!
    t.equal(await again.machineStates.get(again.scaleSets.instance(any, '7')!), 'stopped')
    t.equal(await again.machineStates.get(again.scaleSets.instance(any, '8')!), 'running')
    await again.close()
  }
})

t.test('the state includes the resource groups, power states and managed run commands that clients changed', async t => {
  const emulator = await build(t, {
    fixtures: [{ name: 'exits', result: { exitCode: 3, stdout: 'out' } }],
    virtualMachines: [{ ...machine, resourceGroup: 'temporary' }],
    virtualMachineScaleSets: [{ ...machine, resourceGroup: 'sets', name: 'ss', instances: ['0', '1'] }]
  })
  const at = (path: string, version = '2024-07-01') => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${path}?api-version=${version}`
  const send = async (method: 'PUT' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object) => {
    const response = await emulator.app.inject({ method, url, headers: AUTHORIZATION, ...body && { body } })
    t.ok(response.statusCode < 300, response.body)
    const poll = response.headers['azure-asyncoperation'] ?? response.headers['location']
    if (poll !== undefined) t.equal((await get(emulator, `${poll}`)).statusCode, 200)
  }
  await send('PUT', at('made', '2022-09-01'), { location: 'North Europe', tags: { team: 'a' } })
  await send('PATCH', at('changed', '2022-09-01'), { tags: { team: 'b' } })
  for (const name of ['temporary', 'gone']) await send('DELETE', at(name, '2022-09-01'))
  const compute = 'providers/Microsoft.Compute'
  await send('POST', at(`made/${compute}/virtualMachines/vm/deallocate`))
  await send('POST', at(`sets/${compute}/virtualMachineScaleSets/ss/virtualMachines/1/powerOff`))
  const command = { location: 'westus', tags: { a: 'b' }, properties: { source: { script: 'exit 3' }, parameters: [{ name: 'a', value: 'b' }] } }
  await send('PUT', at(`made/${compute}/virtualMachines/other/runCommands/cmd`), command)
  for (const id of ['0', '2']) {
    await send('PUT', at(`free/${compute}/virtualMachineScaleSets/any/virtualMachines/${id}/runCommands/cmd`), command)
  }
  const { body: state } = await callAdmin(emulator, 'GET', '/state')
  matchList(t, state.resourceGroupStates, [
    { subscriptionId: SUBSCRIPTION, name: 'made', location: 'northeurope', tags: { team: 'a' } },
    { subscriptionId: SUBSCRIPTION, name: 'changed', tags: { team: 'b' } },
    { subscriptionId: SUBSCRIPTION, name: 'temporary', state: 'deleted' },
    { subscriptionId: SUBSCRIPTION, name: 'gone', state: 'deleted' }
  ])
  matchList(t, state.powerStates,
    [{ name: 'vm', powerState: 'deallocated' }, { name: 'ss', instanceId: '1', powerState: 'stopped' }])
  matchList(t, state.runCommands, [{ name: 'cmd', vmName: 'other' }, { instanceId: '0' }, { instanceId: '2' }])
  const reads = ['made', 'changed', 'temporary', 'gone'].map(name => at(name, '2022-09-01'))
  const view = `made/${compute}/virtualMachines/other/runCommands/cmd`
  const seen = async (each: Emulator) => await Promise.all([...reads, `${at(view)}&$expand=instanceView`]
    .map(async url => (await get(each, url)).body))
  const expected = await seen(emulator)
  for (const as of ['file', 'options'] as const) {
    const again = await restarted(t.testdir(), state, as)
    const { body } = await callAdmin(again, 'GET', '/state')
    t.equal(JSON.stringify(body), JSON.stringify(state), as)
    t.same(await seen(again), expected)
    await again.reset()
    t.equal(JSON.stringify((await callAdmin(again, 'GET', '/state')).body), JSON.stringify(state), 'a reset restores this state')
    await again.close()
  }
})

t.test('the state of an unused emulator with default options is an empty config', async t => {
  const emulator = await build(t, { port: 10900 })
  t.strictSame((await callAdmin(emulator, 'GET', '/state')).body, {})
})

t.test('the state includes the active scenarios without their counts', async t => {
  const emulator = await build(t)
  await callAdmin(emulator, 'PUT', '/scenarios/slow', SLOW)
  await runCommand(emulator, SCRIPT)
  const { body: state } = await callAdmin(emulator, 'GET', '/state')
  t.strictSame(state, { port: 0, scenarios: [SLOW] })
  for (const as of ['file', 'options'] as const) {
    const again = await restarted(t.testdir(), state, as)
    t.strictSame((await callAdmin(again, 'GET', '/state')).body, state)
    matchList(t, (await callAdmin(again, 'GET', '/scenarios')).body.value, [{ ...SLOW, matched: 0 }])
    await again.close()
  }
})

t.test('an emulator created from a state has that state after any declarations, removals, power changes and resets', async t => {
  const step = fc.record({
    subscriptionId: fc.constantFrom(SUBSCRIPTION, OTHER, OTHER.replaceAll('1', 'a')),
    resourceGroup: fc.constantFrom('rg', 'RG2'),
    name: fc.constantFrom('a', 'b', 'c'),
    does: fc.constantFrom('declare', 'remove', 'stop', 'run', 'reset', 'reset the group')
  })
  const directory = t.testdir()
  await t.resolves(fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
    const emulator = await createEmulator({ virtualMachines: [machine] })
    for (const { subscriptionId, resourceGroup, name, does } of steps) {
      const url = `/virtualMachines/${subscriptionId}/${resourceGroup}/${name}`
      if (does === 'declare') await callAdmin(emulator, 'PUT', url, {})
      else if (does === 'remove') await callAdmin(emulator, 'DELETE', url)
      else if (does === 'reset') await emulator.reset({ subscriptionId })
      else if (does === 'reset the group') await emulator.reset({ subscriptionId, resourceGroup })
      else await callAdmin(emulator, 'PUT', url, { powerState: does === 'run' ? 'running' : 'stopped' })
    }
    const { body } = await callAdmin(emulator, 'GET', '/state')
    const again = await restarted(directory, body, 'file')
    t.equal(JSON.stringify((await callAdmin(again, 'GET', '/state')).body), JSON.stringify(body))
    for (const { subscriptionId, resourceGroup, name } of steps) {
      const id = virtualMachineId(subscriptionId, resourceGroup, name)
      const [was, is] = [emulator, again].map(each => each.virtualMachines.find(id))
      t.equal(is === undefined, was === undefined)
      if (was !== undefined) t.equal(await again.machineStates.get(is!), await emulator.machineStates.get(was))
    }
    await Promise.all([emulator.close(), again.close()])
  }), { numRuns: 30 }))
})
