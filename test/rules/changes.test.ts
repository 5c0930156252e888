import t from 'tap'
import { ClientRun, outcomeOf, verdictOf, violationsIn } from '../harness/client-run.js'

const REFUSED = { status: 409, operationId: null, body: { error: { code: 'OperationNotAllowed', message: 'It is off.' } } }

/** Requests of a good client that start operations, other than the action on a virtual machine. */
const CHANGES: Readonly<Record<string, Parameters<ClientRun['change']>[1]>> = {
  VirtualMachines_PowerOff: { path: 'virtualMachines/vm1/powerOff' },
  VirtualMachineScaleSets_Start: { path: 'virtualMachineScaleSets/ss/start' },
  VirtualMachineScaleSetVMs_Deallocate: { path: 'virtualMachineScaleSets/ss/virtualMachines/0/deallocate' },
  VirtualMachineRunCommands_CreateOrUpdate: { path: 'virtualMachines/vm1/runCommands/cmd', method: 'PUT', status: 201 },
  VirtualMachineScaleSetVMRunCommands_Update:
    { path: 'virtualMachineScaleSets/ss/virtualMachines/0/runCommands/cmd', method: 'PATCH', status: 200 },
  VirtualMachineRunCommands_Delete: { path: 'virtualMachines/vm1/runCommands/cmd', method: 'DELETE' }
}

for (const [operation, options] of Object.entries(CHANGES)) {
  const started = () => new ClientRun().change(operation, options)

  t.test(`${operation}: a client that polls it to the end keeps the rules about polls`, async t => {
    const run = started().status('InProgress').status('Succeeded', { after: 1000 }).exited()
    t.strictSame(violationsIn(run), [])
    for (const rule of ['R3', 'R4', 'R5']) t.equal(outcomeOf(rule, run), 'held', rule)
  })

  t.test(`${operation}: a client that does not wait, continues to poll or changes the URL breaks those rules`, async t => {
    const retryLater = { headers: { 'Retry-After': '10' } }
    t.equal(outcomeOf('R6', started().status('InProgress', retryLater).status('Succeeded', { after: 9 }).exited()), 'violated')
    t.equal(outcomeOf('R3', started().status('Succeeded').status('Succeeded').exited()), 'violated')
    t.equal(outcomeOf('R4', started().status('Succeeded', {
      target: '/subscriptions/x/providers/Microsoft.Compute' +
      '/locations/westus/operations/op-1?api-version=2024-03-01'
    }).exited()), 'violated')
  })

  t.test(`${operation}: a client that does not report a failure or a refusal breaks R7`, async t => {
    t.equal(outcomeOf('R7', started().status('Failed').exited(0)), 'violated')
    t.equal(outcomeOf('R7', started().status('Failed').exited(1, 'VMExtensionProvisioningTimeout')), 'held')
    const refused = () => new ClientRun().change(operation, { ...options, ...REFUSED })
    const { outcome, evidence } = verdictOf('R7', refused().exited(0))
    t.equal(outcome, 'violated')
    t.equal(evidence[0]!.sentence, `${operation} was refused with status 409 (#1), and the command exited with 0`)
    t.equal(outcomeOf('R7', refused().exited(1, 'OperationNotAllowed')), 'held')
    t.equal(outcomeOf('R7', refused().change(operation, options).status('Succeeded').exited(0)), 'no evidence')
  })

  t.test(`${operation}: it may be sent again if there was no response`, async t => {
    const run = new ClientRun().change(operation, { ...options, status: 'broken' }).change(operation, options).status('Succeeded')
    t.equal(outcomeOf('R2', run.exited()), 'no evidence')
  })
}

t.test('R2: the action on an instance of a scale set must not be sent again either', async t => {
  const path = 'virtualMachineScaleSets/ss/virtualMachines/0/runCommand'
  const entry = { vmName: 'ss_0' }
  const lost = () => new ClientRun().change('VirtualMachineScaleSetVMs_RunCommand', { path, entry, status: 'broken' })
  t.equal(outcomeOf('R2', lost().exited(1)), 'held')
  const { outcome, evidence } = verdictOf('R2', lost().change('VirtualMachineScaleSetVMs_RunCommand', { path, entry }).exited())
  t.equal(outcome, 'violated')
  t.match(evidence[0]!.sentence, /the script ran twice on ss_0$/)
})

t.test('R5: Location must not be polled instead of the status, whatever the operation', async t => {
  const { path } = CHANGES['VirtualMachines_PowerOff']!
  const started = () => new ClientRun().change('VirtualMachines_PowerOff', { path })
  t.equal(outcomeOf('R5', started().result({ status: 202 }).status('Succeeded').exited()), 'violated')
  t.equal(outcomeOf('R5', started().status('Succeeded').result({ body: '' }).exited()), 'held')
  t.equal(outcomeOf('R5', started().status('Succeeded').result({ body: '' }).result({ body: '' }).exited()), 'violated')
})

t.test('R7: a 404 for a deletion is not a failure', async t => {
  const options = { ...CHANGES['VirtualMachineRunCommands_Delete']!, ...REFUSED, status: 404 }
  t.equal(outcomeOf('R7', new ClientRun().change('VirtualMachineRunCommands_Delete', options).exited(0)), 'no evidence')
})

t.test('R7: if no poll shows the end of a write or deletion, reading the resource may', async t => {
  const { path } = CHANGES['VirtualMachineRunCommands_CreateOrUpdate']!
  const written = () => new ClientRun()
    .change('VirtualMachineRunCommands_CreateOrUpdate', { path, method: 'PUT', status: 201 }).status('', { body: '{}' })
  const read = (run: ClientRun, status: number, provisioningState: string, at = path) =>
    run.change('VirtualMachineRunCommands_Get', { path: at, method: 'GET', operationId: null, status, body: { properties: { provisioningState } } })
  t.equal(outcomeOf('R7', written().exited(0)), 'violated')
  t.equal(outcomeOf('R7', read(written(), 200, 'Succeeded').exited(0)), 'no evidence')
  t.equal(outcomeOf('R7', read(written(), 200, 'Updating').exited(0)), 'violated')
  t.equal(outcomeOf('R7', read(written(), 200, 'Succeeded', `${path}2`).exited(0)), 'violated', 'another resource does not')
  const before = read(new ClientRun(), 200, 'Succeeded')
    .change('VirtualMachineRunCommands_CreateOrUpdate', { path, method: 'PUT', status: 201 }).status('', { body: '{}' })
  t.equal(outcomeOf('R7', before.exited(0)), 'violated', 'an earlier read does not')
  const deleted = () => new ClientRun()
    .change('VirtualMachineRunCommands_Delete', { path, method: 'DELETE' }).status('', { body: '{}' })
  t.equal(outcomeOf('R7', read(deleted(), 200, 'Succeeded').exited(0)), 'violated')
  t.equal(outcomeOf('R7', read(deleted(), 404, '').exited(0)), 'no evidence')
})

t.test('R7: reading the resource may also show that a change whose response was lost has succeeded', async t => {
  const { path } = CHANGES['VirtualMachineRunCommands_CreateOrUpdate']!
  const put = (status: number | 'broken') => new ClientRun().change('VirtualMachineRunCommands_CreateOrUpdate',
    { path, method: 'PUT', status, operationId: null, body: { error: { code: 'InternalServerError', message: '' } } })
  const read = (run: ClientRun, provisioningState: string) => run.change('VirtualMachineRunCommands_Get',
    { path, method: 'GET', operationId: null, status: 200, body: { properties: { provisioningState } } })
  for (const status of ['broken', 503] as const) {
    t.equal(outcomeOf('R7', put(status).exited(0)), 'violated')
    t.equal(outcomeOf('R7', read(put(status), 'Succeeded').exited(0)), 'no evidence')
    t.equal(outcomeOf('R7', read(put(status), 'Failed').exited(0)), 'violated')
  }
  t.equal(outcomeOf('R7', read(put(409), 'Succeeded').exited(0)), 'violated', 'a change that was refused has not succeeded')
})

t.test('R3 and R6: the deletion of a resource group is polled at its Location', async t => {
  const url = '/subscriptions/11111111-2222-4333-8444-555555555555/operationresults/eyJqb2JJZCI6IiJ9?api-version=2022-09-01'
  const deleted = () => new ClientRun().change('ResourceGroups_Delete',
    { path: '', method: 'DELETE', headers: { Location: `https://management.azure.com${url}` } })
  const run = deleted()
  Object.assign(run.entries[0]!, { url: run.entries[0]!.url.replace('/providers/Microsoft.Compute/', '') })
  const entry = { operation: 'OperationResults_Get' }
  run.result({ target: url, entry, status: 202, headers: { 'Retry-After': '15' } })
  run.result({ target: url, entry, body: '', after: 15_000 })
  t.strictSame(violationsIn(run.exited()), [])
  t.equal(outcomeOf('R6', run.exited()), 'held')
  t.equal(outcomeOf('R4', run.exited()), 'held')
  run.result({ target: url, entry, body: '' })
  t.strictSame(violationsIn(run.exited()), ['R3'])
})
