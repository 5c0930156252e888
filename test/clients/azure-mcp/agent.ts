import type { Test } from 'tap'
import { virtualMachineId } from '../../../src/index.js'
import { SUBSCRIPTION } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'
import { commandOf, type Client } from '../client.js'
import { powerOf, startForClient } from '../own-azrun.js'
import { McpSession, type ToolResult } from './mcp-session.js'
import { OPTIONS, SETTINGS, UNKNOWN } from './surroundings.js'

const GROUP = { 'resource-group': 'rg' }
const NEW = { location: 'westeurope', 'admin-username': 'me', 'admin-password': 'Not-a-secret-1' }

/** Arguments with which tools would create, change and delete machines and scale sets of Azure. */
const CHANGES = {
  compute_vm_create: { 'vm-name': 'new', ...NEW },
  compute_vm_update: { 'vm-name': 'vm', tags: 'team=a' },
  compute_vm_delete: { 'vm-name': 'vm' },
  compute_vmss_create: { 'vmss-name': 'new', ...NEW },
  compute_vmss_update: { 'vmss-name': 'ss', tags: 'team=a' },
  compute_vmss_delete: { 'vmss-name': 'ss' }
}

/** Runs it as the server of an agent, and calls its tools. */
export async function serveAgent (t: Test, client: Client): Promise<void> {
  const { emulator, env } = await startForClient(t, OPTIONS)
  const namespaces = ['compute', 'group', 'subscription'].flatMap(each => ['--namespace', each])
  const server = new McpSession(commandOf(client, ['server', 'start', '--mode', 'all', ...namespaces]), { ...env, ...SETTINGS })
  t.teardown(async () => { await server.close() })
  t.equal(await server.initialize(), 'Azure MCP Server')
  const get = async (name: string, args: object = {}) => contentOf(await server.call(name, args)).results
  const getVm = async (name: string, args: object = {}) => await get('compute_vm_get', { ...GROUP, 'vm-name': name, ...args })

  t.test('lists subscriptions, resource groups, machines and scale sets', async t => {
    const subscription = { subscriptionId: SUBSCRIPTION, displayName: 'Tests', isDefault: true }
    matchList(t, (await get('subscription_list')).subscriptions, [subscription])
    matchList(t, (await get('group_list')).groups, [{ name: 'rg' }])
    matchList(t, (await get('compute_vm_get')).Vms, [{ name: 'vm', location: 'westeurope' }, { name: 'off' }])
    matchList(t, (await get('compute_vmss_get', GROUP)).VmssList, [{ name: 'ss', capacity: 2 }])
  })

  t.test('reads an instance of a scale set', async t => {
    const { VmInstance } = await get('compute_vmss_get', { ...GROUP, 'vmss-name': 'ss', 'instance-id': '3' })
    t.match(VmInstance, { name: 'ss_3', instanceId: '3', provisioningState: 'Succeeded' })
  })

  t.test('reads the current power state of a machine', async t => {
    const powerState = async () => (await getVm('vm', { 'instance-view': true })).InstanceView.powerState
    t.equal(await powerState(), 'running')
    const vm = emulator.virtualMachines.find(virtualMachineId(SUBSCRIPTION, 'rg', 'vm'))!
    await emulator.machineStates.set(vm, 'stopped')
    t.equal(await powerState(), 'stopped')
    await emulator.machineStates.set(vm, 'running')
  })

  t.test("gets Azure's error for an unknown machine", async t => {
    const result = await server.call('compute_vm_get', { ...GROUP, 'vm-name': 'unknown' })
    t.equal(result.isError, true)
    t.match(contentOf(result), { status: 404, results: { message: UNKNOWN } })
  })

  t.test('waits when it is throttled, as long as Retry-After says', async t => {
    emulator.journal.clear()
    emulator.scenarios.put({
      name: 'busy', match: { operation: 'VirtualMachines_Get' }, calls: '1', do: [{ throttle: { by: 'Compute', retryAfter: 2 } }]
    })
    t.match(await getVm('vm'), { Vm: { name: 'vm' } })
    const [refused, answered, ...others] = emulator.journal.list({ operation: 'VirtualMachines_Get' }).value
    t.strictSame([refused!.status, answered!.status, others.length], [429, 200, 0])
    t.ok(Date.parse(answered!.time) - Date.parse(refused!.time) > 1900)
  })

  t.test('cannot create, change or delete machines and scale sets', async t => {
    const tools = (await server.tools()).filter(({ annotations }) => !annotations.readOnlyHint).map(({ name }) => name)
    t.strictSame(tools.filter(name => /^compute_vm/.test(name)).sort(), Object.keys(CHANGES).sort())
    for (const [name, args] of Object.entries(CHANGES)) {
      const result = await server.call(name, { ...GROUP, ...args })
      t.equal(result.isError, true, name)
      t.match(contentOf(result).results.message, /^azrun does not serve .*'\/subscriptions\/\S+'\. /, name)
    }
    t.strictSame([await powerOf(emulator, 'vm'), await powerOf(emulator, 'ss/3')], ['running', 'running'])
  })

  t.test('ends when the agent closes its stdin', async t => { t.equal(await server.close(), 0) })
}

/** The JSON in the result of a tool. */
function contentOf ({ content }: ToolResult): { readonly status: number, readonly results: any } {
  return JSON.parse(content[0]!.text)
}
