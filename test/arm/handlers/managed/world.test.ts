import t from 'tap'
import { createEmulator, type EmulatorOptions } from '../../../../src/index.js'
import { build, get, runCommand, runOnInstance, SUBSCRIPTION } from '../../../harness/emulator.js'
import { ended, managed, properties, put } from '../../../harness/managed.js'

const QUIET = { logLevel: 'silent' } as const
const OPERATION = 'VirtualMachineRunCommands_CreateOrUpdate'

t.test('scenarios match a managed run command by operation, script and parameters, and set its outcome', async t => {
  const emulator = await build(t, {
    ...QUIET,
    scenarios: [
      { name: 'guest', match: { operation: OPERATION, script: 'df*', parameters: { a: '1' } }, do: [{ guest: { exitCode: 7, stderr: 'no' } }] },
      { name: 'lost', match: { operation: OPERATION, script: 'lost' }, do: [{ operation: { outcome: { code: 'Lost', message: '{vmName} is lost' } } }] },
      { name: 'busy', match: { operation: 'VirtualMachineRunCommands_Delete' }, calls: '1', do: [{ error: { code: 'Conflict', status: 409 } }] }
    ]
  })
  await ended(emulator, await put(emulator, 'df -h', { properties: { parameters: [{ name: 'a', value: '1' }] } }))
  t.match((await properties(emulator)).instanceView, { exitCode: 7, error: 'no' })
  const lost = await put(emulator, 'lost', { name: 'lost' })
  t.match(await ended(emulator, lost), { status: 'Failed', error: { code: 'Lost', message: 'vm is lost' } })
  t.equal((await properties(emulator, { name: 'lost' })).provisioningState, 'Failed')
  t.equal((await managed(emulator, 'DELETE', { name: 'lost' })).statusCode, 409)
  t.equal((await managed(emulator, 'DELETE', { name: 'lost' })).statusCode, 202)
})

t.test('a match by script applies to actions and managed run commands, on machines and instances', async t => {
  const emulator = await build(t, { ...QUIET, scenarios: [{ name: 'full', match: { script: 'df*' }, do: [{ guest: { stdout: 'full' } }] }] })
  for (const target of [{}, { vmScaleSetName: 'ss' }]) {
    await ended(emulator, await put(emulator, 'df -h', target))
    t.match((await properties(emulator, target)).instanceView, { output: 'full' })
  }
  const command = { commandId: 'RunShellScript', script: ['df -h'] }
  t.match((await runCommand(emulator, command, { headers: { prefer: 'wait=10' } })).payload, 'full')
  t.equal((await runOnInstance(emulator, command)).statusCode, 202)
  await emulator.journal.verify([{ match: { script: 'df*' }, times: '4' }])
  t.equal(emulator.journal.list({ script: 'df*' }).total, 4)
})

t.test('the journal has the script and its result, and verify finds it', async t => {
  const emulator = await build(t, { executor: 'shell', ...QUIET })
  await ended(emulator, await put(emulator, 'echo out; exit 3', { properties: { parameters: [{ name: 'a', value: '1' }] } }))
  const [entry] = emulator.journal.list().value
  t.match(entry, {
    operation: OPERATION,
    command: { name: 'cmd', script: 'echo out; exit 3', parameters: { a: '1' }, exitCode: 3, stdout: 'out\n' },
    operationId: String
  })
  t.ok((entry!.polls ?? []).length > 0)
  const match = { operation: OPERATION, script: 'echo*', parameters: { a: '1' } }
  const response = await emulator.app.inject({
    method: 'POST', url: '/_emulator/verify', body: { expectations: [{ match, times: '1' }] }
  })
  t.same([response.statusCode, response.json().verified], [200, 1])
})

t.test('the state creates an emulator with the run commands that have ended', async t => {
  const options: EmulatorOptions = { executor: 'shell', ...QUIET }
  const emulator = await build(t, options)
  await ended(emulator, await put(emulator, 'exit 3', { properties: { treatFailureAsDeploymentFailure: true } }))
  await ended(emulator, await put(emulator, 'echo $S', {
    vmScaleSetName: 'ss', properties: { protectedParameters: [{ name: 'S', value: '1' }], runAsUser: '' }
  }))
  const running = await put(emulator, 'sleep 600', { name: 'running' })
  const state = JSON.parse((await emulator.app.inject('/_emulator/state')).body)
  t.same(state.runCommands.map(({ name }: { name: string }) => name), ['cmd', 'cmd'])
  const again = await createEmulator({ ...state, ...QUIET })
  t.teardown(() => again.close())
  for (const target of [{ name: 'cmd' }, { vmScaleSetName: 'ss', name: 'cmd' }]) {
    const [before, after] = [await managed(emulator, 'GET', { ...target, expand: true }), await managed(again, 'GET', { ...target, expand: true })]
    t.equal(after.body, before.body)
  }
  t.same(JSON.parse((await again.app.inject('/_emulator/state')).body).runCommands, state.runCommands)
  await managed(again, 'DELETE', { name: 'cmd' })
  await again.reset({ subscriptionId: SUBSCRIPTION })
  t.equal((await managed(again, 'GET', { name: 'cmd' })).statusCode, 200, 'a reset restores the run commands of the state')
  await managed(emulator, 'DELETE', { name: 'running' })
  t.match((await get(emulator, running.headers['azure-asyncoperation'] as string)).json(), { status: 'Failed' })
})
