import t from 'tap'
import { start, SUBSCRIPTION } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'
import { CLIENTS, connect, runShellScript, type Call, type Outcome } from './connect.js'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg' }
const MACHINES = {
  virtualMachines: [{ ...machine, name: 'vm' }, { ...machine, name: 'off', powerState: 'deallocated' as const }],
  virtualMachineScaleSets: [{ ...machine, name: 'set' }]
}

for (const client of CLIENTS) {
  t.test(`the machines of ${client}`, async t => {
    const emulator = await start(t, { ...MACHINES, dataDir: t.testdir(), executor: 'shell' })
    const connected = connect(t, client, emulator.caFile)
    const call = async (method: Call['method'], ...args: readonly unknown[]): Promise<Outcome> =>
      await connected(emulator, { method, args: ['rg', ...args] })
    const powerOf = async (vm: string): Promise<unknown> => {
      const { result } = await call('virtualMachines.instanceView', vm)
      return (result as { statuses: { code: string }[] }).statuses[1]?.code
    }

    t.test('are started, restarted, stopped and deallocated', async t => {
      for (const [action, state] of [
        ['beginStartAndWait', 'running'],
        ['beginRestartAndWait', 'running'],
        ['beginRedeployAndWait', 'running'],
        ['beginPowerOffAndWait', 'stopped'],
        ['beginDeallocateAndWait', 'deallocated']
      ] as const) {
        const outcome = await call(`virtualMachines.${action}`, 'off')
        t.equal(outcome.error, undefined, action)
        t.strictSame(outcome.exchanges.map(({ status }) => status), [202, 200, 200], `${action}: one poll, then Location`)
        t.equal(await powerOf('off'), `PowerState/${state}`, action)
      }
    })

    t.test('reject with a RestError if their state does not allow the action', async t => {
      for (const action of ['beginRestartAndWait', 'beginPowerOffAndWait'] as const) {
        const { error } = await call(`virtualMachines.${action}`, 'off')
        t.match(error, { name: 'RestError', statusCode: 409, code: 'OperationNotAllowed' }, action)
      }
    })

    t.test('can be instances of scale sets', async t => {
      const { result: listed } = await call('virtualMachineScaleSetVMs.list', 'set')
      matchList(t, listed, [{ instanceId: '0', name: 'set_0' }, { instanceId: '1', name: 'set_1' }])
      const run = async () =>
        await call('virtualMachineScaleSetVMs.beginRunCommandAndWait', 'set', '1', runShellScript('echo hi'))
      t.match((await run()).result, { value: [{ message: /\nhi\n/ }] })
      await call('virtualMachineScaleSets.beginPowerOffAndWait', 'set', { vmInstanceIDs: { instanceIds: ['1'] } })
      t.match((await run()).error, { statusCode: 409, code: 'OperationNotAllowed' })
      const { result: view } = await call('virtualMachineScaleSetVMs.getInstanceView', 'set', '0')
      t.match(view, { statuses: [{}, { code: 'PowerState/running' }] })
    })

    t.test('have managed run commands', async t => {
      const source = (script: string) => ({ location: 'westus', source: { script } })
      const name = ['vm', 'greet']
      const get = async () => (await call('virtualMachineRunCommands.getByVirtualMachine', ...name, { expand: 'instanceView' })).result
      const created = await call('virtualMachineRunCommands.beginCreateOrUpdateAndWait', ...name,
        { ...source('echo "Hello, $who"; exit 3'), parameters: [{ name: 'who', value: 'Ada' }] })
      t.match(created.result, { name: 'greet', provisioningState: 'Succeeded', parameters: [{ name: 'who', value: 'Ada' }] })
      t.match(await get(), { instanceView: { executionState: 'Failed', exitCode: 3, output: 'Hello, Ada\n' } })
      await call('virtualMachineRunCommands.beginUpdateAndWait', ...name, { source: { script: 'echo again' } })
      t.match(await get(), { instanceView: { executionState: 'Succeeded', exitCode: 0, output: 'again\n' } })
      const { result: listed } = await call('virtualMachineRunCommands.listByVirtualMachine', 'vm')
      matchList(t, listed, [{ name: 'greet' }])
      const deleted = await call('virtualMachineRunCommands.beginDeleteAndWait', ...name)
      t.equal(deleted.error, undefined)
      t.strictSame((await call('virtualMachineRunCommands.listByVirtualMachine', 'vm')).result, [])
    })

    t.test('fail the operation of a managed run command with treatFailureAsDeploymentFailure', async t => {
      const { error } = await call('virtualMachineRunCommands.beginCreateOrUpdateAndWait', 'vm', 'fails',
        { location: 'westus', source: { script: 'exit 3' }, treatFailureAsDeploymentFailure: true })
      t.match(error, { name: 'Error', message: /VMExtensionProvisioningError.*exit status=3/ })
    })
  })
}
