import t from 'tap'
import { callAdmin } from '../../harness/admin.js'
import { build, get, runCommand, SUBSCRIPTION } from '../../harness/emulator.js'
import { endless } from '../../harness/execution.js'

const SCRIPT = { commandId: 'RunShellScript', script: ['true'] }
const url = (vmName: string, resourceGroup = 'rg') => `/virtualMachines/${SUBSCRIPTION}/${resourceGroup}/${vmName}`
const web = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'web' }

t.test('PUT declares a machine with the values of the body and defaults for the rest', async t => {
  const emulator = await build(t)
  const declared = { ...web, location: 'westus', osType: 'Linux', powerState: 'running', declared: true }
  t.match(await callAdmin(emulator, 'PUT', url('web'), {}), { status: 200, body: declared })
  t.match((await callAdmin(emulator, 'GET', url('WEB'))).body, declared)
  const body = { osType: 'Windows', location: 'East US', powerState: 'stopped' }
  t.match((await callAdmin(emulator, 'PUT', url('web'), body)).body, { osType: 'Windows', location: 'eastus', powerState: 'stopped' })
  t.equal((await runCommand(emulator, SCRIPT, { vmName: 'db' })).statusCode, 404, 'other machines of the group do not exist')
})

t.test('PUT declares a machine with tags, which Azure must accept', async t => {
  const emulator = await build(t)
  t.match(await callAdmin(emulator, 'PUT', url('web'), { tags: { team: 'blue' } }), { status: 200, body: { tags: { team: 'blue' } } })
  t.match((await callAdmin(emulator, 'GET', url('web'))).body, { tags: { team: 'blue' } })
  t.match(await callAdmin(emulator, 'PUT', url('web'), { tags: { 'a/b': 'c' } }), { status: 400 })
})

t.test('a declaration overrides the power state that the machine had', async t => {
  const emulator = await build(t)
  await callAdmin(emulator, 'PUT', url('web'), { powerState: 'stopped' })
  t.match((await callAdmin(emulator, 'PUT', url('web'), {})).body, { powerState: 'running' })
})

t.test('a body with only powerState changes the power state and declares nothing', async t => {
  const emulator = await build(t)
  t.match(await callAdmin(emulator, 'PUT', url('web'), { powerState: 'deallocated' }),
    { status: 200, body: { ...web, powerState: 'deallocated', declared: false } })
  t.equal((await runCommand(emulator, SCRIPT, { vmName: 'web' })).statusCode, 409)
  t.equal((await runCommand(emulator, SCRIPT, { vmName: 'db' })).statusCode, 202)
  await callAdmin(emulator, 'PUT', url('web'), { powerState: 'running' })
  t.equal((await runCommand(emulator, SCRIPT, { vmName: 'web' })).statusCode, 202)
})

t.test('GET, PUT of a power state and DELETE refuse a machine that does not exist', async t => {
  const emulator = await build(t, { virtualMachines: [web] })
  const remedies = { exists: 'declare it with PUT, for example with the body {}', 'is declared': 'GET /_emulator/state lists those that are' }
  for (const [method, verb, body] of [
    ['GET', 'exists'], ['PUT', 'exists', { powerState: 'stopped' }], ['DELETE', 'is declared']
  ] as const) {
    const message = `no virtual machine 'db' ${verb} in resource group 'rg': ${remedies[verb]}`
    t.match(await callAdmin(emulator, method, url('db'), body), { status: 404, body: { error: { code: 'NotFound', message, target: 'vmName' } } })
  }
  t.match(await callAdmin(emulator, 'DELETE', url('any', 'free')), { status: 404 }, 'an undeclared machine cannot be removed')
})

t.test('DELETE removes a machine and cancels its operations, and a reset restores the initial declarations', async t => {
  const emulator = await build(t, { executor: endless, virtualMachines: [web, { ...web, name: 'db' }] })
  const { headers } = await runCommand(emulator, SCRIPT, { vmName: 'web' })
  await runCommand(emulator, SCRIPT, { vmName: 'db' })
  t.equal((await callAdmin(emulator, 'DELETE', url('web'))).status, 204)
  t.match((await get(emulator, `${headers['azure-asyncoperation']}`)).json(), { status: 'Canceled', error: { code: 'OperationCanceled' } })
  t.equal((await runCommand(emulator, SCRIPT, { vmName: 'web' })).statusCode, 404)
  t.equal((await runCommand(emulator, SCRIPT, { vmName: 'db' })).statusCode, 409, 'the other machine still runs')
  t.equal((await callAdmin(emulator, 'DELETE', url('web'))).status, 404)
  await emulator.reset({ subscriptionId: SUBSCRIPTION })
  t.match((await callAdmin(emulator, 'GET', url('web'))).body, { declared: true })
})

for (const [path, target] of [
  [url('web-'), 'vmName'], [url('x'.repeat(65)), 'vmName'], [url('a b'), 'vmName'], [url('web', 'rg.'), 'resourceGroup'],
  ['/virtualMachines/s/rg/web', 'subscriptionId']
] as const) {
  t.test(`refuses '${path.slice(0, 80)}' by Azure's naming rules`, async t => {
    const emulator = await build(t)
    t.match(await callAdmin(emulator, 'PUT', encodeURI(path), {}), { status: 400, body: { error: { target } } })
  })
}
