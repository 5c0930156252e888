import type { Test } from 'tap'
import { SUBSCRIPTION } from '../../harness/emulator.js'
import { commandOf, run, type Client } from '../client.js'
import { powerOf, startForClient } from '../own-azrun.js'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope' }
const virtualMachines = [
  { ...machine, name: 'vm' },
  { ...machine, name: 'asleep', powerState: 'deallocated' as const }
]

/** The destruction of a resource waits ten seconds before it looks whether the resource is gone, unless told not to. */
const WITHOUT_DELAY = { GO_AZURE_SDK_SKIP_POLLING_DELAY: 'true' }

const LIFE = [
  'VirtualMachineRunCommands_GetByVirtualMachine 404',
  'VirtualMachineRunCommands_CreateOrUpdate 201',
  'Operations_Get 200',
  'VirtualMachineRunCommands_GetByVirtualMachine 200'
]

/** What Terraform does: the resource of a managed run command from its creation to its end, its data source, power. */
export async function cases (t: Test, client: Client): Promise<void> {
  const { emulator, env } = await startForClient(t, { virtualMachines, strict: true })
  const call = async (...words: string[]) => {
    const { code, stdout, stderr } = await run(commandOf(client, words), { ...env, ...WITHOUT_DELAY })
    if (code !== 0) throw new Error(`the program ended with ${code}: ${stderr}`)
    return JSON.parse(stdout)
  }
  /** What has been sent, logins left out. */
  const sent = () => emulator.journal.list().value.filter(({ operation }) => !operation?.startsWith('Tokens'))
    .map(({ operation, status }) => `${operation} ${status}`)
  t.beforeEach(async () => { await emulator.reset() })

  t.test('a resource is created, in the requests of the provider', async t => {
    const { name, properties } = await call('create', 'vm', 'made', 'echo "hello $who"')
    t.equal(name, 'made')
    t.match(properties, { provisioningState: 'Succeeded', timeoutInSeconds: 1800, treatFailureAsDeploymentFailure: true })
    t.match(properties.instanceView, { executionState: 'Succeeded', exitCode: 0, output: 'hello Ada\n', error: '' })
    t.strictSame(sent(), LIFE)
  })

  t.test('one that exists is to be imported', async t => {
    await call('create', 'vm', 'made', 'true')
    t.strictSame(await call('create', 'vm', 'made', 'true'), { error: 'it needs to be imported' })
  })

  t.test('its source is changed by a PUT of all that was read', async t => {
    await call('create', 'vm', 'made', 'true')
    const { properties } = await call('replace', 'vm', 'made', 'echo "replaced for $who"')
    t.match(properties.instanceView, { executionState: 'Succeeded', output: 'replaced for Ada\n' })
  })

  t.test('its source is changed by a PATCH', async t => {
    await call('create', 'vm', 'made', 'true')
    const { properties } = await call('update', 'vm', 'made', 'echo updated')
    t.match(properties.instanceView, { executionState: 'Succeeded', output: 'updated\n' })
  })

  t.test('a script that fails fails the creation, and leaves the resource', async t => {
    const { error } = await call('create', 'vm', 'made', 'echo why >&2; exit 3')
    t.match(error, /^running the command: .*exit status=3/s)
    t.match(await call('replace', 'vm', 'made', 'true'), { properties: { instanceView: { executionState: 'Succeeded' } } })
  })

  t.test('it is destroyed, and what is gone is destroyed again', async t => {
    await call('create', 'vm', 'made', 'true')
    t.strictSame(await call('delete', 'vm', 'made'), { deleted: true })
    t.strictSame(await call('delete', 'vm', 'made'), { deleted: true })
    t.match(await call('replace', 'vm', 'made', 'true'), { error: /404 .* ResourceNotFound: .*\/runCommands\/made'/s })
  })

  t.test('a machine that is not running, or not there, refuses it', async t => {
    t.match(await call('create', 'asleep', 'made', 'true'), { error: /409 .* OperationNotAllowed: Cannot modify extensions/s })
    t.match(await call('create', 'unknown', 'made', 'true'), { error: /404 .* ParentResourceNotFound: /s })
  })

  t.test('the data source reads a machine, its network interfaces and its addresses', async t => {
    const { privateAddresses, publicAddresses, ...rest } = await call('read', 'vm')
    t.strictSame(rest, { location: 'westeurope', powerState: 'PowerState/running' })
    for (const addresses of [privateAddresses, publicAddresses]) t.match(addresses, [/^\d+(\.\d+){3}$/])
  })

  t.test('a machine is started and stopped', async t => {
    for (const [action, powerState] of [['restart', 'running'], ['power-off', 'stopped'], ['start', 'running'],
      ['deallocate', 'deallocated']] as const) {
      t.strictSame(await call(action, 'vm'), { done: action })
      t.equal(await powerOf(emulator, 'vm'), powerState, action)
    }
    t.match(await call('power-off', 'vm'), { error: /409 .* OperationNotAllowed: Operation 'powerOff' is not allowed/s })
  })
}
