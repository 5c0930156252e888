import t from 'tap'
import { callAdmin } from '../../harness/admin.js'
import { build, get, runCommand, runOnInstance, SUBSCRIPTION } from '../../harness/emulator.js'
import { endless } from '../../harness/execution.js'
import { managed, put } from '../../harness/managed.js'

const SCRIPT = { commandId: 'RunShellScript', script: ['true'] }
const url = (name: string, resourceGroup = 'rg') => `/virtualMachineScaleSets/${SUBSCRIPTION}/${resourceGroup}/${name}`
const instanceUrl = (name: string, instanceId: string) => `${url(name)}/instances/${instanceId}`
const ss = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss' }

t.test('PUT declares a scale set with the values of the body and defaults for the rest', async t => {
  const emulator = await build(t)
  const declared = { ...ss, location: 'westus', osType: 'Linux', instances: ['0', '1'], declared: true }
  t.match(await callAdmin(emulator, 'PUT', url('ss'), {}), { status: 200, body: declared })
  t.strictSame((await callAdmin(emulator, 'GET', url('SS'))).body, declared)
  const body = { osType: 'Windows', location: 'East US', instances: ['5', '3'] }
  t.match((await callAdmin(emulator, 'PUT', url('ss'), body)).body, { osType: 'Windows', location: 'eastus', instances: ['5', '3'] })
  t.equal((await callAdmin(emulator, 'GET', instanceUrl('ss', '0'))).status, 404)
  t.equal((await runOnInstance(emulator, { commandId: 'RunPowerShellScript' }, { instanceId: '5' })).statusCode, 202)
  t.equal((await runCommand(emulator, SCRIPT)).statusCode, 404, 'other machines of the group do not exist')
})

t.test('PUT declares a scale set with tags', async t => {
  const emulator = await build(t)
  await callAdmin(emulator, 'PUT', url('ss'), { tags: { team: 'blue' } })
  t.match((await callAdmin(emulator, 'GET', url('ss'))).body, { tags: { team: 'blue' } })
})

t.test('GET returns an undeclared scale set with the defaults', async t => {
  const emulator = await build(t)
  t.strictSame((await callAdmin(emulator, 'GET', url('any'))).body, { ...ss, name: 'any', location: 'westus', instances: ['0', '1'], declared: false })
})

t.test('GET and PUT read and change the power state of an instance, which a declaration of its scale set resets', async t => {
  const emulator = await build(t)
  t.strictSame((await callAdmin(emulator, 'GET', instanceUrl('ss', '7'))).body, { ...ss, instanceId: '7', powerState: 'running' })
  t.match(await callAdmin(emulator, 'PUT', instanceUrl('ss', '0'), { powerState: 'deallocated' }),
    { status: 200, body: { instanceId: '0', powerState: 'deallocated' } })
  t.equal((await runOnInstance(emulator, SCRIPT, { instanceId: '0' })).statusCode, 409)
  t.equal((await runOnInstance(emulator, SCRIPT, { instanceId: '1' })).statusCode, 202, 'the other instance runs')
  await callAdmin(emulator, 'PUT', url('ss'), {})
  t.match((await callAdmin(emulator, 'GET', instanceUrl('ss', '0'))).body, { powerState: 'running' })
})

t.test('DELETE removes a scale set and cancels its operations, and a reset restores the initial declarations', async t => {
  const emulator = await build(t, { executor: endless, virtualMachineScaleSets: [ss, { ...ss, name: 'other' }] })
  const { headers } = await runOnInstance(emulator, SCRIPT)
  await runOnInstance(emulator, SCRIPT, { scaleSet: 'other' })
  await callAdmin(emulator, 'PUT', instanceUrl('ss', '1'), { powerState: 'stopped' })
  t.equal((await callAdmin(emulator, 'DELETE', url('SS'))).status, 204)
  t.match((await get(emulator, `${headers['azure-asyncoperation']}`)).json(), { status: 'Canceled', error: { code: 'OperationCanceled' } })
  t.equal((await runOnInstance(emulator, SCRIPT)).statusCode, 404)
  t.equal((await runOnInstance(emulator, SCRIPT, { scaleSet: 'other' })).statusCode, 409, 'the other scale set still runs')
  t.match(await callAdmin(emulator, 'DELETE', url('ss')), { status: 404, body: { error: { target: 'vmScaleSetName' } } })
  await callAdmin(emulator, 'PUT', url('added'), {})
  await emulator.reset({ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' })
  t.match((await callAdmin(emulator, 'GET', url('ss'))).body, { declared: true })
  t.match((await callAdmin(emulator, 'GET', instanceUrl('ss', '1'))).body, { powerState: 'running' })
  t.equal((await callAdmin(emulator, 'GET', url('added'))).status, 404)
})

t.test('a new declaration removes the instances that it leaves out, with their run commands, and keeps the others', async t => {
  const emulator = await build(t, { executor: endless, virtualMachineScaleSets: [ss] })
  const instance = { vmScaleSetName: 'ss', name: 'cmd' }
  const [gone, stays] = [{ ...instance, instanceId: '1' }, { ...instance, instanceId: '0' }]
  for (const each of [gone, stays]) await put(emulator, 'true', { ...each, properties: { asyncExecution: true } })
  const { headers } = await runOnInstance(emulator, SCRIPT, { instanceId: '1' })
  await callAdmin(emulator, 'PUT', url('ss'), { instances: ['0'] })
  t.match((await get(emulator, `${headers['azure-asyncoperation']}`)).json(), { status: 'Canceled', error: { code: 'OperationCanceled' } })
  await callAdmin(emulator, 'PUT', url('ss'), { instances: ['0', '1'] })
  t.equal((await managed(emulator, 'GET', gone)).statusCode, 404)
  t.equal((await managed(emulator, 'GET', stays)).statusCode, 200)
})

t.test('what does not exist cannot be read or changed, and the error says how to declare it', async t => {
  const emulator = await build(t, { virtualMachineScaleSets: [ss] })
  const errorOf = async (...call: ['GET' | 'PUT' | 'DELETE', string, object?]) => {
    const { status, body } = await callAdmin(emulator, ...call)
    t.equal(status, 404)
    return (body as { error: { message: string, target: string } }).error
  }
  const [message, target] = ["no scale set 'db' exists in resource group 'rg': declare it with PUT, for example with the body {}", 'vmScaleSetName']
  t.match(await errorOf('GET', url('db')), { message, target })
  t.match(await errorOf('GET', instanceUrl('db', '0')), { message, target })
  t.match(await errorOf('DELETE', url('db')),
    { message: "no scale set 'db' is declared in resource group 'rg': GET /_emulator/state lists those that are", target })
  t.match(await errorOf('PUT', instanceUrl('ss', '7'), { powerState: 'stopped' }),
    { message: "no instance '7' of scale set 'ss' exists: declare it with PUT, among the 'instances' of the scale set", target: 'instanceId' })
})

t.test('the state includes scale sets that a PUT declared, and the power states of their instances', async t => {
  const emulator = await build(t)
  await callAdmin(emulator, 'PUT', url('ss'), { instances: ['3'] })
  await callAdmin(emulator, 'PUT', instanceUrl('ss', '3'), { powerState: 'stopped' })
  const { body } = await callAdmin(emulator, 'GET', '/state')
  t.match(body, { virtualMachineScaleSets: [{ ...ss, instances: ['3'] }], powerStates: [{ ...ss, instanceId: '3', powerState: 'stopped' }] })
})
