import t from 'tap'
import { createResourceFinder, shownAs } from '../../../src/arm/resources/finder.js'
import { instanceIdOf, resourceId, scaleSetId, virtualMachineId } from '../../../src/core/resource-id.js'
import type { VirtualMachines } from '../../../src/resources/virtual-machines.js'
import { build, instancePath, runOnInstance, SUBSCRIPTION } from '../../harness/emulator.js'

const SHELL = { commandId: 'RunShellScript' }
const DECLARED = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss', instances: ['0', '3'] }

t.test('shownAs returns the type with the names of the parent resources', async t => {
  t.strictSame(shownAs(virtualMachineId('s', 'rg', 'vm')), { type: 'Microsoft.Compute/virtualMachines', name: 'vm' })
  const set = scaleSetId('s', 'rg', 'ss')
  const instance = instanceIdOf(set, '9')
  t.strictSame(shownAs(instance), { type: 'Microsoft.Compute/virtualMachineScaleSets/ss/virtualMachines', name: '9' })
  const command = resourceId(`${instance.text}/runCommands/x`, { ...instance, type: `${instance.type}/runCommands`, name: 'x' })
  t.strictSame(shownAs(command), { type: 'Microsoft.Compute/virtualMachineScaleSets/ss/virtualMachines/9/runCommands', name: 'x' })
})

t.test('an action accepts both spellings of an instance path, and the name of the scale set in any case', async t => {
  const { app } = await build(t, { virtualMachineScaleSets: [DECLARED] })
  for (const segment of ['virtualMachines', 'virtualmachines']) {
    const url = `${instancePath({ scaleSet: 'SS', instanceId: '3' })}/runCommand?api-version=2024-03-01`
      .replace('virtualMachines/', `${segment}/`)
    const { statusCode } = await app.inject({ method: 'POST', url, headers: { authorization: 'Bearer x' }, body: SHELL })
    t.equal(statusCode, 202, segment)
  }
})

t.test('an action checks the group, the scale set, the format of the instance id and the instance in this order', async t => {
  const emulator = await build(t, { strict: true, virtualMachineScaleSets: [DECLARED] })
  const codeOf = async (target: Parameters<typeof runOnInstance>[2]) =>
    (await runOnInstance(emulator, SHELL, target)).json().error.code
  t.equal(await codeOf({ resourceGroup: 'x', scaleSet: 'x', instanceId: 'x' }), 'ResourceGroupNotFound')
  t.equal(await codeOf({ scaleSet: 'x', instanceId: 'x' }), 'ParentResourceNotFound')
  for (const instanceId of ['x', '*', '%2A', '-1', '0x1', '1.0', 'ss_0', '%20', '0%2F0', '%D9%A3']) {
    const response = await runOnInstance(emulator, SHELL, { instanceId })
    t.match(response.json(), { error: { code: 'InvalidParameter', target: 'instanceId' } }, instanceId)
    t.equal(response.statusCode, 400, instanceId)
  }
  for (const instanceId of ['1', '00', '9'.repeat(500)]) {
    t.match((await runOnInstance(emulator, SHELL, { instanceId })).json(),
      { error: { code: 'InvalidParameter', target: 'instanceIds' } }, instanceId.slice(0, 20))
  }
})

t.test('an undeclared scale set has an instance with every number', async t => {
  const emulator = await build(t)
  for (const instanceId of ['0', '1', '4711']) {
    t.equal((await runOnInstance(emulator, SHELL, { instanceId })).statusCode, 202, instanceId)
  }
  t.equal((await runOnInstance(emulator, SHELL, { scaleSet: 'ss.' })).json().error.code, 'ParentResourceNotFound')
})

t.test('what Azure would refuse does not exist; a defect is no answer', async t => {
  const command = resourceId('/x', { ...virtualMachineId('s', 'rg', 'vm'), type: 'Microsoft.Compute/virtualMachines/runCommands' })
  const asked = { method: 'PUT', named: { resource: command, machine: virtualMachineId('s', 'rg', 'vm') } }
  const resourceGroups = { has: () => true, isBeingDeleted: () => false, isGone: () => false }
  const scaleSets = { find: () => undefined, instance: () => undefined }
  const existsWith = (find: VirtualMachines['find'], groups = resourceGroups) =>
    createResourceFinder({ resourceGroups: groups, scaleSets, virtualMachines: { find } }).exists(asked)
  const vm = { id: asked.named.machine, location: 'westus', initialState: 'running' } as const
  t.equal(existsWith(() => vm), true)
  t.equal(existsWith(() => undefined), false)
  t.equal(existsWith(() => vm, { ...resourceGroups, isBeingDeleted: () => true }), false)
  t.throws(() => existsWith(() => { throw new TypeError('a defect') }), { message: 'a defect' })
})
