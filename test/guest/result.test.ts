import t, { type Test } from 'tap'
import type { ResultStatus } from '../../src/index.js'
import { build, get, runCommand } from '../harness/emulator.js'

/** The body of the response, for a fixture with these statuses. */
async function valueOf (t: Test, commandId: string, statuses: readonly ResultStatus[]): Promise<string> {
  const fixtures = [{ name: 'all', result: { stdout: 'out\n', stderr: 'err\n', statuses } }]
  const emulator = await build(t, { fixtures, respond: 'immediate' })
  return (await runCommand(emulator, { commandId, script: [''] })).body
}

t.test('a status is shown with all its members, in the order of the contract', async t => {
  const status = {
    time: '2024-03-01T09:00:00+00:00',
    message: 'It broke.',
    displayStatus: 'Provisioning failed',
    level: 'Error',
    code: 'ProvisioningState/failed'
  } as const
  t.equal(await valueOf(t, 'RunShellScript', [status]), '{"value":[{"code":"ProvisioningState/failed","level":"Error",' +
    '"displayStatus":"Provisioning failed","message":"It broke.","time":"2024-03-01T09:00:00+00:00"}]}')
})

t.test('the omitted members of a Linux status have the values that Azure returns', async t => {
  const message = 'Enable succeeded: \n[stdout]\nout\n\n[stderr]\nerr\n'
  t.strictSame(JSON.parse(await valueOf(t, 'RunShellScript', [{ level: 'Warning' }, { level: 'Error', message: 'more' }])), {
    value: [
      { code: 'ProvisioningState/succeeded', level: 'Warning', displayStatus: 'Provisioning succeeded', message },
      { code: 'ProvisioningState/succeeded', level: 'Error', displayStatus: 'Provisioning succeeded', message: 'more' }
    ]
  })
})

t.test('the omitted members of a Windows status have the values that Azure returns for that stream', async t => {
  const statuses = [{}, { level: 'Error', code: 'ComponentStatus/StdErr/failed' }] as const
  t.match(JSON.parse(await valueOf(t, 'RunPowerShellScript', statuses)), {
    value: [
      { code: 'ComponentStatus/StdOut/succeeded', level: 'Info', message: 'out' },
      { code: 'ComponentStatus/StdErr/failed', level: 'Error', message: 'err' }
    ]
  })
})

t.test('a result may have no status at all', async t => {
  t.equal(await valueOf(t, 'RunShellScript', []), '{"value":[]}')
})

t.test('the operation succeeds whatever the levels of the statuses, and its polls return them', async t => {
  const fixtures = [{ name: 'all', result: { statuses: [{ level: 'Error' as const }] } }]
  const emulator = await build(t, { fixtures })
  const { headers } = await runCommand(emulator, { commandId: 'RunShellScript', script: [''] })
  t.match((await get(emulator, headers['azure-asyncoperation'] as string)).json(),
    { status: 'Succeeded', properties: { output: { value: [{ level: 'Error' }] } } })
})
