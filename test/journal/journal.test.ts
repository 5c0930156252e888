import t from 'tap'
import { build, get, runCommand, SUBSCRIPTION } from '../harness/emulator.js'

t.test('an entry has the request, the response and what the script did', async t => {
  const emulator = await build(t, { respond: 'immediate', fixtures: [{ name: 'a', result: { stdout: 'out', exitCode: 3 } }] })
  const body = { commandId: 'RunShellScript', script: ['df -h', 'ls'], parameters: [{ name: 'a', value: 'b' }] }
  await runCommand(emulator, body, { vmName: 'db-1', headers: { 'x-ms-client-request-id': 'id-1', 'user-agent': 'test' } })
  const response = await get(emulator, '/_emulator/requests/1')
  t.match(response.json(), {
    sequence: 1,
    operation: 'VirtualMachines_RunCommand',
    method: 'POST',
    status: 200,
    subscriptionId: SUBSCRIPTION,
    resourceGroup: 'rg',
    vmName: 'db-1',
    clientRequestId: 'id-1',
    userAgent: 'test',
    request: { headers: { authorization: '<redacted>' }, body: JSON.stringify(body) },
    response: { body: /"code":"ProvisioningState/ },
    command: { commandId: 'RunShellScript', script: 'df -h\nls', parameters: { a: 'b' }, exitCode: 3, stdout: 'out', stdoutBytes: 3, stderr: '' },
    polls: []
  })
})

t.test('a request that started an operation lists its polls, and a poll is about its machine', async t => {
  const emulator = await build(t)
  const { headers } = await runCommand(emulator, { commandId: 'RunShellScript', script: ['df -h'] })
  await get(emulator, `${headers['azure-asyncoperation']}`)
  const { value, total } = (await get(emulator, '/_emulator/requests?vmName=VM&script=df*')).json()
  t.equal(total, 2)
  t.match(value, [{ sequence: 1, polls: [{ status: 200 }] }, { sequence: 2, operation: 'Operations_Get', vmName: 'vm', operationId: value[0].operationId }])
})
