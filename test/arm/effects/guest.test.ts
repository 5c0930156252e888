import t from 'tap'
import type { Executor } from '../../../src/index.js'
import { VirtualClock } from '../../../src/time/virtual-clock.js'
import { affect } from '../../harness/effects.js'
import { build, get, runCommand } from '../../harness/emulator.js'
import { endless } from '../../harness/execution.js'
import { ended, managed, properties, put } from '../../harness/managed.js'

const SHELL = { commandId: 'RunShellScript', script: ['echo hi'] }
const POWERSHELL = { commandId: 'RunPowerShellScript', script: ['Write-Output hi'] }
const RUN = { operation: 'VirtualMachines_RunCommand' }
const executor: Executor = { execute: () => { throw new Error('nothing must run') } }

t.test("an effect sets a script's result in the form of its operating system, and no script runs", async t => {
  const emulator = await build(t, { executor, respond: 'immediate' })
  await affect(emulator, RUN, { guest: { exitCode: 3, stdout: 'out\n', stderr: 'err\n' } })
  t.strictSame((await runCommand(emulator, SHELL)).json(), {
    value: [{
      code: 'ProvisioningState/succeeded',
      level: 'Info',
      displayStatus: 'Provisioning succeeded',
      message: 'Enable succeeded: \n[stdout]\nout\n\n[stderr]\nerr\n'
    }]
  })
  t.match((await runCommand(emulator, POWERSHELL, { vmName: 'windows' })).json(), {
    value: [{ code: 'ComponentStatus/StdOut/succeeded', message: 'out' }, { code: 'ComponentStatus/StdErr/succeeded', message: 'err' }]
  })
})

t.test('a managed run command with a result in an effect downloads no script', async t => {
  const emulator = await build(t, { executor })
  await affect(emulator, { operation: 'VirtualMachineRunCommands_CreateOrUpdate' }, { guest: { exitCode: 3, stdout: 'out' } })
  const source = { scriptUri: 'https://example.test/script.sh' }
  await ended(emulator, await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties: { source } }))
  t.match((await properties(emulator)).instanceView, { exitCode: 3, output: 'out' })
})

t.test('a result without outputs in its effect is empty, and a long one is cut like any other', async t => {
  const emulator = await build(t, { executor, respond: 'immediate' })
  await affect(emulator, { ...RUN, vmName: 'quiet' }, { guest: {} })
  await affect(emulator, { ...RUN, vmName: 'loud' }, { guest: { stdout: `${'x'.repeat(5000)}end` } })
  const messageOf = async (vmName: string) => (await runCommand(emulator, SHELL, { vmName })).json().value[0].message
  t.equal(await messageOf('quiet'), 'Enable succeeded: \n[stdout]\n\n[stderr]\n')
  t.equal(await messageOf('loud'), `Enable succeeded: \n[stdout]\n${'x'.repeat(4093)}end\n[stderr]\n`)
})

t.test("a script takes the duration of its effect, and ends at the agent's timeout", async t => {
  const clock = new VirtualClock()
  const emulator = await build(t, { executor, clock, pace: 'azure' })
  await affect(emulator, { ...RUN, vmName: 'slow' }, { guest: { durationMs: 7000, stdout: 'out' } })
  await affect(emulator, { ...RUN, vmName: 'endless' }, { guest: { durationMs: 6_000_000 } })
  const start = async (vmName: string) => `${(await runCommand(emulator, SHELL, { vmName })).headers['azure-asyncoperation']}`
  const [slow, tooSlow] = [await start('slow'), await start('endless')]
  await clock.advance(6999)
  t.equal((await get(emulator, slow)).json().status, 'InProgress')
  await clock.advance(1)
  t.match((await get(emulator, slow)).json(), { status: 'Succeeded', properties: { output: { value: [{ message: /out/ }] } } })
  await clock.advance(5_400_000)
  t.match((await get(emulator, tooSlow)).json(), { status: 'Failed', error: { code: 'VMExtensionProvisioningTimeout' } })
})

t.test('an effect on the result does not count towards --max-scripts', async t => {
  const emulator = await build(t, { executor: endless, maxScripts: 1 })
  t.equal((await runCommand(emulator, SHELL, { vmName: 'real' })).statusCode, 202)
  await affect(emulator, RUN, { guest: { stdout: 'out' } })
  const { headers } = await runCommand(emulator, SHELL)
  t.equal((await get(emulator, `${headers['azure-asyncoperation']}`)).json().status, 'Succeeded')
  await affect(emulator, { operation: 'VirtualMachineRunCommands_CreateOrUpdate' }, { guest: { stdout: 'out' } })
  t.match(await ended(emulator, await put(emulator, 'df')), { status: 'Succeeded' }, 'a managed run command')
})

t.test('an effect on the result and one on the operation apply together', async t => {
  const emulator = await build(t, { executor })
  await affect(emulator, RUN, { operation: { polls: 1 } }, { guest: { stdout: 'out' } })
  const { headers } = await runCommand(emulator, SHELL)
  const url = `${headers['azure-asyncoperation']}`
  t.equal((await get(emulator, url)).json().status, 'InProgress')
  t.match((await get(emulator, url)).json(), { status: 'Succeeded', properties: { output: { value: [{ message: /out/ }] } } })
})
