import { once } from 'node:events'
import t from 'tap'
import { scaleSetId, virtualMachineId, type Emulator, type ResourceId } from '../../src/index.js'
import { build, get, runCommand, runOnInstance, SUBSCRIPTION } from '../harness/emulator.js'
import { managed, put } from '../harness/managed.js'

const SCRIPT = { commandId: 'RunShellScript', script: ['true'] }
const web = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'web' }
const ss = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss' }
const webId = virtualMachineId(SUBSCRIPTION, 'rg', 'web')
const ssId = scaleSetId(SUBSCRIPTION, 'rg', 'ss')

/** Runs every script until it is canceled. */
const endless = {
  async execute (_: unknown, { signal }: { signal: AbortSignal }) {
    await once(signal, 'abort')
    throw signal.reason
  }
}

async function statusAt (emulator: Emulator, { headers }: { readonly headers: object }): Promise<string> {
  return (await get(emulator, (headers as { 'azure-asyncoperation': string })['azure-asyncoperation'])).json().status
}

t.test('a machine that is declared again is as declared, whatever its state was', async t => {
  const { machineStates, virtualMachines } = await build(t, { virtualMachines: [web] })
  await machineStates.set(virtualMachines.find(webId)!, 'stopped')
  const vm = await virtualMachines.declare({ ...web, location: 'East US' })
  t.match(vm, { id: webId, location: 'eastus' })
  t.equal(await machineStates.get(vm), 'running')
})

t.test('a machine that is removed does not exist any more, and neither does anything of it', async t => {
  const emulator = await build(t, { executor: endless, virtualMachines: [web, { ...web, name: 'db' }] })
  const { machineStates, virtualMachines } = emulator
  const started = await runCommand(emulator, SCRIPT, { vmName: 'web' })
  await runCommand(emulator, SCRIPT, { vmName: 'db' })
  await put(emulator, 'true', { vmName: 'web', properties: { asyncExecution: true } })
  await machineStates.set(virtualMachines.find(webId)!, 'stopped')
  t.equal(await virtualMachines.remove(virtualMachineId(SUBSCRIPTION, 'RG', 'WEB')), true)
  t.equal(await statusAt(emulator, started), 'Canceled')
  t.equal(virtualMachines.find(webId), undefined)
  t.equal((await runCommand(emulator, SCRIPT, { vmName: 'db' })).statusCode, 409, 'its neighbour goes on')
  t.equal(await virtualMachines.remove(webId), false)
  const vm = await virtualMachines.declare(web)
  t.equal(await machineStates.get(vm), 'running')
  t.equal((await managed(emulator, 'GET', { vmName: 'web', name: 'cmd' })).statusCode, 404)
})

t.test('an instance that a scale set no longer has is gone with what runs on it; the others go on and are running', async t => {
  const emulator = await build(t, { executor: endless, virtualMachineScaleSets: [ss] })
  const { machineStates, scaleSets } = emulator
  const [gone, stays] = [await runOnInstance(emulator, SCRIPT, { instanceId: '1' }), await runOnInstance(emulator, SCRIPT)]
  const [first] = scaleSets.instances(scaleSets.find(ssId)!)
  await machineStates.set(first!, 'stopped')
  t.match(await scaleSets.declare({ ...ss, instances: ['0'] }), { instanceIds: ['0'] })
  t.same([await statusAt(emulator, gone), await statusAt(emulator, stays)], ['Canceled', 'InProgress'])
  t.equal(await machineStates.get(first!), 'running')
})

t.test('a scale set that is removed does not exist any more, and what runs on it is canceled', async t => {
  const emulator = await build(t, { executor: endless, virtualMachineScaleSets: [ss] })
  const started = await runOnInstance(emulator, SCRIPT)
  t.equal(await emulator.scaleSets.remove(ssId), true)
  t.equal(await statusAt(emulator, started), 'Canceled')
  t.equal(emulator.scaleSets.find(ssId), undefined)
  t.equal(await emulator.scaleSets.remove(ssId), false)
})

t.test('a declaration that is not valid is refused with all its mistakes, and declares nothing', async t => {
  const { scaleSets, virtualMachines } = await build(t)
  const size = /^'size' is not a known property/
  await t.rejects(virtualMachines.declare({ ...web, name: 'web-', powerState: 'off', size: 'B1' } as never), {
    name: 'UsageError', problems: [size, /^'name' must be a name of 1 to 64 .+, not "web-"$/, /^'powerState' must be one of /]
  })
  await t.rejects(virtualMachines.declare({ name: 'web' } as never), { name: 'UsageError', problems: [/^the virtual machine must have 'subscriptionId'/, /'resourceGroup'/] })
  await t.rejects(virtualMachines.declare(undefined as never), { name: 'UsageError', message: 'the virtual machine must be an object, not undefined' })
  await t.rejects(scaleSets.declare({ ...ss, instances: ['0', '0'] }), { name: 'UsageError', message: /'instances' must be a list of .+ each once/ })
  t.same([virtualMachines.list(), scaleSets.list()], [[], []])
})

t.test('what finds or reads something says what it needs', async t => {
  const { machineStates, scaleSets, virtualMachines } = await build(t)
  const asId = (value: unknown) => value as ResourceId
  t.throws(() => virtualMachines.find(asId('web')), { name: 'UsageError', message: 'virtualMachines.find needs an id that virtualMachineId returned, not "web"' })
  t.throws(() => virtualMachines.isDeclared(asId(undefined)), { name: 'UsageError', message: /^virtualMachines\.isDeclared needs .+, not undefined$/ })
  t.throws(() => scaleSets.find(webId), { name: 'UsageError', message: /^scaleSets\.find needs an id that scaleSetId returned, not ".+\/web"$/ })
  t.throws(() => scaleSets.isDeclared(webId), { name: 'UsageError', message: /^scaleSets\.isDeclared needs / })
  t.throws(() => machineStates.get(undefined as never), {
    name: 'UsageError', message: 'machineStates.get needs a machine that virtualMachines.declare or find returned, not undefined'
  })
})

t.test('only an id of the right type removes something', async t => {
  const { scaleSets, virtualMachines } = await build(t, { virtualMachines: [web], virtualMachineScaleSets: [ss] })
  await t.rejects(virtualMachines.remove(ssId), { name: 'UsageError', message: /^virtualMachines\.remove needs an id that virtualMachineId returned, not ".+\/ss"$/ })
  await t.rejects(scaleSets.remove('ss' as unknown as ResourceId), { name: 'UsageError', message: 'scaleSets.remove needs an id that scaleSetId returned, not "ss"' })
  t.same([virtualMachines.list().length, scaleSets.list().length], [1, 1])
})
