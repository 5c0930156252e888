import t from 'tap'
import { instanceIdOf, scaleSetId, virtualMachineId } from '../../src/core/resource-id.js'
import { Scope } from '../../src/core/scope.js'
import { ManagedRunCommands } from '../../src/resources/managed-run-commands.js'
import { runCommandDeclarationOf, type RunCommandDeclaration } from '../../src/resources/run-command-declaration.js'
import { MemoryStore } from '../../src/stores/memory.js'

const SUBSCRIPTION = '24fb23e3-6ba3-41f0-9b6e-e41131d5d61e'
const vm = { id: virtualMachineId(SUBSCRIPTION, 'rg', 'VM') }
const OF_MACHINE: RunCommandDeclaration = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', vmName: 'VM', name: 'b', location: 'westus', source: { script: 'echo' } }
const OF_INSTANCE: RunCommandDeclaration = {
  subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', vmScaleSetName: 'ss', instanceId: '1', name: 'a', location: 'eastus', source: {}, sequence: 2, provisioningState: 'Failed', instanceView: { exitCode: 1, executionState: 'Failed' }
}
const CANCELED: RunCommandDeclaration = { ...OF_MACHINE, name: 'A', provisioningState: 'Canceled' }

t.test('declared commands are found in any case, listed by name, and exported as they were declared', async t => {
  const commands = new ManagedRunCommands(new MemoryStore(), [OF_MACHINE, CANCELED, OF_INSTANCE])
  await commands.declare(Scope.everything)
  t.match(await commands.get({ id: virtualMachineId(SUBSCRIPTION.toUpperCase(), 'RG', 'vm') }, 'B'), { name: 'b' })
  t.same((await commands.list(vm)).map(({ name }) => name), ['A', 'b'])
  t.same((await commands.all()).map(runCommandDeclarationOf), [OF_MACHINE, CANCELED, OF_INSTANCE])
  t.equal(await commands.count(Scope.of({ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', vmName: 'vm' })), 2)
})

t.test('an earlier run cannot change a command that has run again since', async t => {
  const commands = new ManagedRunCommands(new MemoryStore(), [OF_MACHINE])
  await commands.declare(Scope.everything)
  const command = (await commands.get(vm, 'b'))!
  await commands.set(vm, { ...command, runId: 'later' })
  t.equal(await commands.change(vm, { ...command, runId: 'earlier' }, { provisioningState: 'Failed' }), false)
  t.equal(await commands.change(vm, { ...command, runId: 'later' }, { provisioningState: 'Updating' }), true)
  t.match(await commands.get(vm, 'b'), { provisioningState: 'Updating' })
})

t.test('new declarations replace the old ones, but not commands that clients have created or run since', async t => {
  const commands = new ManagedRunCommands(new MemoryStore(), ['a', 'b', 'c'].map(name => ({ ...OF_MACHINE, name })))
  await commands.declare(Scope.everything)
  const command = (await commands.get(vm, 'c'))!
  await commands.set(vm, { ...command, runId: 'run' })
  await commands.set(vm, { ...command, name: 'e', runId: 'made' })
  await commands.redeclare([{ ...OF_MACHINE, name: 'b', location: 'eastus' }, { ...OF_MACHINE, name: 'd' }])
  t.same((await commands.list(vm)).map(({ name, location }) => `${name} ${location}`), ['b eastus', 'c westus', 'd westus', 'e westus'])
})

t.test('deleteRun deletes a command only if the run matches, and clear only the commands in the scope', async t => {
  const commands = new ManagedRunCommands(new MemoryStore(), [OF_MACHINE, OF_INSTANCE])
  await commands.declare(Scope.everything)
  await commands.deleteRun(vm, { name: 'b', runId: 'other' })
  t.equal(await commands.count(Scope.everything), 2)
  await commands.clear(Scope.of({ subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', vmName: 'vm' }))
  t.same((await commands.all()).map(({ name }) => name), ['a'])
  await commands.deleteRun({ id: instanceIdOf(scaleSetId(SUBSCRIPTION, 'rg', 'ss'), '1') }, { name: 'A' })
  t.equal(await commands.count(Scope.everything), 0)
})
