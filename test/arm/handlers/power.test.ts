import t, { type Test } from 'tap'
import { virtualMachineId } from '../../../src/core/resource-id.js'
import type { Emulator, EmulatorOptions } from '../../../src/index.js'
import { API_VERSION, AUTHORIZATION, build, get, runCommand, SUBSCRIPTION } from '../../harness/emulator.js'
import { whole } from '../../harness/whole.js'

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`
const MACHINES = `${GROUP}/providers/Microsoft.Compute/virtualMachines`
const SLOW: EmulatorOptions = { clock: 'virtual', delay: 60_000, pace: 'azure' }
const FOREVER = [{ name: 'forever', match: {}, result: { exitCode: 0, stdout: '', stderr: '', durationMs: 3_600_000 } }]

async function perform (emulator: Emulator, verb: string,
  { vm = 'vm', apiVersion = API_VERSION, query = '', isWaiting = false } = {}) {
  return await emulator.app.inject({
    method: 'POST',
    url: `${MACHINES}/${vm}/${verb}?api-version=${apiVersion}${query}`,
    headers: { ...AUTHORIZATION, ...isWaiting && { prefer: 'wait=10' } }
  })
}

async function powerState (emulator: Emulator): Promise<string> {
  const { machineStates, virtualMachines } = whole(emulator)
  const { powerState, transition } = await machineStates.read(virtualMachines.find(virtualMachineId(SUBSCRIPTION, 'rg', 'vm'))!)
  return transition ?? powerState
}

/** Polls the status and the result of an operation once. */
async function follow (emulator: Emulator, { headers }: { readonly headers: Readonly<Record<string, unknown>> }) {
  const status = await get(emulator, `${headers['azure-asyncoperation']}`)
  const result = await get(emulator, `${headers['location']}`)
  return { status: status.json() as object, result: result.statusCode }
}

for (const [verb, before, after] of [
  ['start', 'stopped', 'running'],
  ['start', 'deallocated', 'running'],
  ['start', 'running', 'running'],
  ['restart', 'running', 'running'],
  ['redeploy', 'running', 'running'],
  ['powerOff', 'running', 'stopped'],
  ['powerOff', 'stopped', 'stopped'],
  ['deallocate', 'running', 'deallocated'],
  ['deallocate', 'stopped', 'deallocated'],
  ['deallocate', 'deallocated', 'deallocated']
] as const) {
  t.test(`${verb} of a ${before} machine succeeds with an empty result, and makes it ${after}`, async t => {
    const powerStates = [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm', powerState: before }]
    const emulator = await build(t, { powerStates })
    const response = await perform(emulator, verb)
    t.equal(response.statusCode, 202)
    t.equal(response.headers['content-length'], '0')
    t.equal(response.headers['content-type'], undefined)
    t.equal(response.headers['azure-asyncnotification'], 'Enabled')
    const status = await get(emulator, `${response.headers['azure-asyncoperation']}`)
    t.match(status.json(), { status: 'Succeeded' })
    t.notOk('properties' in status.json())
    const result = await get(emulator, `${response.headers['location']}`)
    t.equal(result.statusCode, 200)
    t.equal(result.headers['content-length'], '0')
    t.equal(result.headers['content-type'], undefined)
    t.equal(await powerState(emulator), after)
  })
}

t.test('each action has its quotas and Retry-After', async t => {
  const emulator = await build(t, { pace: 'azure' })
  const update = 'Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;11'
  const remove = 'Microsoft.Compute/DeleteVMSubscriptionMaximum;1499,Microsoft.Compute/DeleteVMResource;11'
  for (const [verb, bucket, retryAfter] of [
    ['restart', update, undefined], ['redeploy', update, undefined], ['powerOff', update, undefined],
    ['start', update, '10'], ['deallocate', remove, '10']
  ] as const) {
    const { headers } = await perform(emulator, verb)
    t.equal(headers['x-ms-ratelimit-remaining-resource'], bucket, verb)
    t.equal(headers['retry-after'], retryAfter, verb)
    t.equal(headers['x-ms-ratelimit-remaining-subscription-writes'], '199', verb)
  }
})

t.test('polls in progress of start and deallocate have Retry-After 10, and those of powerOff have none', async t => {
  const emulator = await build(t, SLOW)
  for (const [verb, retryAfter] of [['powerOff', undefined], ['deallocate', '10'], ['start', '10']] as const) {
    const vm = `vm-${verb}`
    if (verb === 'start') await emulator.virtualMachines.declare({ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: vm, powerState: 'stopped' })
    const { headers } = await perform(emulator, verb, { vm })
    for (const url of ['azure-asyncoperation', 'location']) {
      const poll = await get(emulator, `${headers[url]}`)
      t.equal(poll.headers['retry-after'], retryAfter, `${verb} ${url}`)
    }
  }
})

t.test('a machine is in transition until the operation ends', async t => {
  for (const [verb, transition, after] of [
    ['restart', 'restarting', 'running'], ['powerOff', 'stopping', 'stopped'], ['deallocate', 'deallocating', 'deallocated']
  ] as const) {
    const emulator = await buildSlow(t)
    const response = await perform(emulator, verb)
    t.equal(await powerState(emulator), transition)
    t.match(await follow(emulator, response), { status: { status: 'InProgress' }, result: 202 })
    await emulator.clock.advance('1m')
    t.equal(await powerState(emulator), after)
    t.match(await follow(emulator, response), { status: { status: 'Succeeded' }, result: 200 })
  }
})

t.test('start of a running machine ends at once, despite --delay', async t => {
  const emulator = await buildSlow(t)
  const response = await perform(emulator, 'start')
  t.match(await follow(emulator, response), { status: { status: 'Succeeded' }, result: 200 })
  t.equal(await powerState(emulator), 'running')
})

async function buildSlow (t: Test, options: EmulatorOptions = {}) {
  const emulator = await build(t, { ...SLOW, ...options })
  return emulator as Emulator & { readonly clock: { advance (time: string): Promise<void> } }
}

t.test("an action is refused with Azure's message in states where Azure refuses it", async t => {
  const running = 'The operation requires the VM to be running (or set to run).'
  const off = "Operation 'powerOff' is not allowed on VM 'vm' since the VM is either deallocated or marked to be deallocated. " +
    'Please refer to https://aka.ms/vmpowerstates  to learn about different VM power states.'
  for (const [state, verb, message] of [
    ['deallocated', 'powerOff', off],
    ['deallocated', 'restart', running], ['stopped', 'restart', running],
    ['deallocated', 'redeploy', running], ['stopped', 'redeploy', running]
  ] as const) {
    const powerStates = [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm', powerState: state }]
    const emulator = await build(t, { powerStates })
    const response = await perform(emulator, verb)
    t.equal(response.statusCode, 409, `${verb}, ${state}`)
    t.same(response.json(), { error: { code: 'OperationNotAllowed', message } }, `${verb}, ${state}`)
    t.equal(await powerState(emulator), state)
  }
})

t.test('powerOff and deallocate preempt a restart, and deallocate preempts powerOff', async t => {
  for (const [first, later, after] of [
    ['restart', 'powerOff', 'stopped'], ['restart', 'deallocate', 'deallocated'], ['powerOff', 'deallocate', 'deallocated']
  ] as const) {
    const emulator = await buildSlow(t)
    const preempted = await perform(emulator, first)
    const response = await perform(emulator, later)
    t.equal(response.statusCode, 202, `${first}, then ${later}`)
    t.match((await follow(emulator, preempted)).status, {
      status: 'Failed',
      error: { code: 'OperationPreempted', message: 'Operation execution has been preempted by a more recent operation.' }
    })
    await emulator.clock.advance('1m')
    t.equal(await powerState(emulator), after)
    t.match(await follow(emulator, response), { status: { status: 'Succeeded' } })
  }
})

t.test('an action that cannot preempt the one in progress is refused, and does not disturb it', async t => {
  for (const [first, later, state] of [
    ['powerOff', 'start', 'stopped'], ['deallocate', 'start', 'deallocated'], ['restart', 'restart', 'running'],
    ['powerOff', 'powerOff', 'stopped'], ['deallocate', 'deallocate', 'deallocated']
  ] as const) {
    const emulator = await buildSlow(t)
    const response = await perform(emulator, first)
    const refused = await perform(emulator, later)
    t.equal(refused.statusCode, 409, `${first}, then ${later}`)
    t.equal(refused.json().error.message, `An ongoing operation is changing power state of Virtual Machine vm to ${state}. ` +
      `Please perform operation ${later} after some time.`)
    await emulator.clock.advance('1m')
    t.match(await follow(emulator, response), { status: { status: 'Succeeded' } })
  }
})

t.test('a deallocating machine cannot be stopped', async t => {
  const emulator = await buildSlow(t)
  await perform(emulator, 'deallocate')
  const refused = await perform(emulator, 'powerOff')
  t.equal(refused.statusCode, 409)
  t.match(refused.json().error.message, /marked to be deallocated/)
})

t.test('a run command is refused while the power changes, and on a stopped machine', async t => {
  for (const [verb, code, then] of [
    ['restart', 'Conflict', 202], ['powerOff', 'OperationNotAllowed', 409], ['deallocate', 'OperationNotAllowed', 409]
  ] as const) {
    const emulator = await buildSlow(t)
    await perform(emulator, verb)
    const during = await runCommand(emulator, { commandId: 'RunShellScript' })
    t.equal(during.statusCode, 409, verb)
    t.equal(during.json().error.code, code)
    await emulator.clock.advance('1m')
    t.equal((await runCommand(emulator, { commandId: 'RunShellScript' })).statusCode, then)
  }
})

t.test('stopping or restarting a machine ends its run command with VMAgentStatusCommunicationError', async t => {
  for (const verb of ['powerOff', 'deallocate', 'restart', 'redeploy']) {
    const emulator = await build(t, { clock: 'virtual', fixtures: FOREVER, pace: 'azure' })
    const run = await runCommand(emulator, { commandId: 'RunShellScript', script: ['sleep 3600'] })
    t.equal(run.statusCode, 202)
    t.equal((await perform(emulator, verb, { isWaiting: true })).statusCode, 200)
    t.match((await follow(emulator, run)).status, {
      status: 'Failed', error: { code: 'VMAgentStatusCommunicationError', message: /^VM 'vm' has not reported status/ }
    }, verb)
    if (verb.startsWith('re')) t.equal((await runCommand(emulator, { commandId: 'RunShellScript' })).statusCode, 202)
  }
})

t.test('powerOff leaves the run command of another machine running', async t => {
  const emulator = await build(t, { clock: 'virtual', fixtures: FOREVER, pace: 'azure' })
  const run = await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'vm2' })
  await perform(emulator, 'powerOff')
  t.match((await follow(emulator, run)).status, { status: 'InProgress' })
})

t.test('an action on a missing machine is refused with 404', async t => {
  const virtualMachines = [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'other' }]
  const emulator = await build(t, { virtualMachines })
  for (const verb of ['start', 'restart', 'redeploy', 'powerOff', 'deallocate']) {
    const response = await perform(emulator, verb)
    t.equal(response.statusCode, 404, verb)
    t.equal(response.json().error.code, 'ResourceNotFound')
  }
})

t.test('the query parameters of an action are checked against the contract', async t => {
  const emulator = await build(t)
  for (const query of ['&skipShutdown=false', '&skipShutdown=True']) t.equal((await perform(emulator, 'powerOff', { query })).statusCode, 202, query)
  for (const query of ['&skipShutdown=maybe', '&skipShutdown=']) t.equal((await perform(emulator, 'powerOff', { query })).statusCode, 400, query)
  t.equal((await perform(emulator, 'deallocate', { query: '&hibernate=yes' })).statusCode, 400)
})

t.test('an immediate response waits for the end of the operation', async t => {
  const emulator = await build(t, { respond: 'immediate' })
  const response = await perform(emulator, 'powerOff')
  t.equal(response.statusCode, 200)
  t.equal(response.body, '')
  t.equal(await powerState(emulator), 'stopped')
})

t.test('a scenario can set the polls and the outcome of a power operation', async t => {
  const scenarios = [{
    name: 'allocation-fails',
    match: { operation: 'VirtualMachines_Start' },
    do: [{ operation: { polls: 1, outcome: { code: 'AllocationFailed', message: 'No capacity for {vmName}.' } } }]
  }]
  const powerStates = [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm', powerState: 'deallocated' as const }]
  const emulator = await build(t, { scenarios, powerStates })
  const response = await perform(emulator, 'start')
  t.match((await get(emulator, `${response.headers['azure-asyncoperation']}`)).json(), { status: 'InProgress' })
  t.match((await get(emulator, `${response.headers['azure-asyncoperation']}`)).json(), {
    status: 'Failed', error: { code: 'AllocationFailed', message: 'No capacity for vm.' }
  })
  t.equal(await powerState(emulator), 'deallocated')
})

t.test('the journal joins a power operation and its polls', async t => {
  const emulator = await build(t)
  const response = await perform(emulator, 'powerOff')
  await follow(emulator, response)
  const [entry] = emulator.journal.list({ operation: 'VirtualMachines_PowerOff' }).value
  t.match(entry, { vmName: 'vm', status: 202, polls: [{ status: 200 }, { status: 200 }] })
})

t.test('a reset restores the power state during a power operation', async t => {
  const emulator = await buildSlow(t)
  await perform(emulator, 'deallocate')
  t.equal(await powerState(emulator), 'deallocating')
  await emulator.reset()
  t.equal(await powerState(emulator), 'running')
})

t.test('an action that does not end in time fails with its error', async t => {
  // Documented: azure-docs error-messages.md, except the last one.
  const scenarios = [{ name: 'too slow', do: [{ operation: { outcome: 'timedOut' } }] }] as const
  for (const [verb, powerState, error] of [
    ['start', 'stopped', { code: 'VMStartTimedOut', message: "VM 'vm' did not start in the allotted time. The VM may still start successfully. Please check the power state later." }],
    ['redeploy', 'running', { code: 'VMRedeploymentTimedOut', message: "Redeployment of VM 'vm' didn't finish in the allotted time. It might finish successfully in sometime. Else, you can retry the request." }],
    ['restart', 'running', { code: 'OperationTimedOut', message: 'The operation did not end within the time limit.' }]
  ] as const) {
    const powerStates = [{ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'vm', powerState }]
    const emulator = await build(t, { powerStates, scenarios: [...scenarios] })
    const { status } = await follow(emulator, await perform(emulator, verb))
    t.strictSame((status as { error: object }).error, error, verb)
  }
})
