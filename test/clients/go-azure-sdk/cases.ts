import type { Test } from 'tap'
import { SUBSCRIPTION } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'
import { commandOf, run, type Client } from '../client.js'
import { powerOf, startForClient } from '../own-azrun.js'

const machine = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', location: 'westeurope' }
const virtualMachines = [
  { ...machine, name: 'vm' },
  { ...machine, name: 'asleep', powerState: 'deallocated' as const }
]

/** Without this variable the SDK waits ten seconds before it checks whether a deleted resource is gone. */
const WITHOUT_DELAY = { GO_AZURE_SDK_SKIP_POLLING_DELAY: 'true' }

const CREATION = [
  'VirtualMachineRunCommands_GetByVirtualMachine 404',
  'VirtualMachineRunCommands_CreateOrUpdate 201',
  'Operations_Get 200',
  'VirtualMachineRunCommands_GetByVirtualMachine 200'
]

/** What Terraform does: the life cycle of a managed run command, the data source of machines, and power actions. */
export async function cases (t: Test, client: Client): Promise<void> {
  const { emulator, env } = await startForClient(t, { virtualMachines, strict: true })
  const callWith = async (variables: Record<string, string>, ...words: string[]) => {
    const { code, stdout, stderr } = await run(commandOf(client, words), { ...env, ...WITHOUT_DELAY, ...variables })
    if (code !== 0) throw new Error(`the program ended with ${code}: ${stderr}`)
    return JSON.parse(stdout)
  }
  const call = async (...words: string[]) => await callWith({}, ...words)
  /** The requests without logins. */
  const sent = () => emulator.journal.list().value.filter(({ operation }) => !operation?.startsWith('Tokens'))
    .map(({ operation, status }) => `${operation} ${status}`)
  t.beforeEach(async () => { await emulator.reset() })

  t.test('creates a resource with the requests of the provider', async t => {
    const { name, properties } = await call('create', 'vm', 'made', 'echo "hello $who"')
    t.equal(name, 'made')
    t.match(properties, { provisioningState: 'Succeeded', timeoutInSeconds: 1800, treatFailureAsDeploymentFailure: true })
    t.match(properties.instanceView, { executionState: 'Succeeded', exitCode: 0, output: 'hello Ada\n', error: '' })
    t.strictSame(sent(), CREATION)
  })

  t.test('refuses to create an existing resource, which needs an import', async t => {
    await call('create', 'vm', 'made', 'true')
    t.strictSame(await call('create', 'vm', 'made', 'true'), { error: 'it needs to be imported' })
  })

  t.test('replaces the source with a PUT of the whole resource', async t => {
    await call('create', 'vm', 'made', 'true')
    const { properties } = await call('replace', 'vm', 'made', 'echo "replaced for $who"')
    t.match(properties.instanceView, { executionState: 'Succeeded', output: 'replaced for Ada\n' })
  })

  t.test('updates the source with a PATCH', async t => {
    await call('create', 'vm', 'made', 'true')
    const { properties } = await call('update', 'vm', 'made', 'echo updated')
    t.match(properties.instanceView, { executionState: 'Succeeded', output: 'updated\n' })
  })

  t.test('fails the creation for a failed script, and keeps the resource', async t => {
    const { error } = await call('create', 'vm', 'made', 'echo why >&2; exit 3')
    t.match(error, /^running the command: .*exit status=3/s)
    t.match(await call('replace', 'vm', 'made', 'true'), { properties: { instanceView: { executionState: 'Succeeded' } } })
  })

  t.test('deletes a resource, and a deleted one again', async t => {
    await call('create', 'vm', 'made', 'true')
    t.strictSame(await call('delete', 'vm', 'made'), { deleted: true })
    t.strictSame(await call('delete', 'vm', 'made'), { deleted: true })
    t.match(await call('replace', 'vm', 'made', 'true'), { error: /404 .* ResourceNotFound: .*\/runCommands\/made'/s })
  })

  t.test('gets 409 for a machine that is not running, and 404 for a missing one', async t => {
    t.match(await call('create', 'asleep', 'made', 'true'), { error: /409 .* OperationNotAllowed: Cannot modify extensions/s })
    t.match(await call('create', 'unknown', 'made', 'true'), { error: /404 .* ParentResourceNotFound: /s })
  })

  t.test('reads a machine with its addresses through its network interfaces', async t => {
    const { privateAddresses, publicAddresses, ...rest } = await call('read', 'vm')
    t.strictSame(rest, { location: 'westeurope', powerState: 'PowerState/running' })
    for (const addresses of [privateAddresses, publicAddresses]) matchList(t, addresses, [/^\d+(\.\d+){3}$/])
  })

  t.test("logs in as the machine's managed identity, whose tokens the SDK requests without a proxy", async t => {
    const { location } = await callWith({ ARM_USE_MSI: 'true', ARM_CLIENT_ID: '', ARM_CLIENT_SECRET: '' }, 'read', 'vm')
    t.equal(location, 'westeurope')
    t.match(emulator.journal.list().value[0], { operation: 'ManagedIdentity_GetInstance', status: 200 })
  })

  t.test('restarts, powers off, starts and deallocates a machine', async t => {
    for (const [action, powerState] of [['restart', 'running'], ['power-off', 'stopped'], ['start', 'running'],
      ['deallocate', 'deallocated']] as const) {
      t.strictSame(await call(action, 'vm'), { done: action })
      t.equal(await powerOf(emulator, 'vm'), powerState, action)
    }
    t.match(await call('power-off', 'vm'), { error: /409 .* OperationNotAllowed: Operation 'powerOff' is not allowed/s })
  })
}
