import t from 'tap'
import { scaleSetId, virtualMachineId } from '../../src/core/resource-id.js'
import type { Scope } from '../../src/core/scope.js'
import type { Operations } from '../../src/operations/operations.js'
import { Inventory } from '../../src/resources/inventory.js'
import { MachineStates } from '../../src/resources/machine-states.js'
import { Machines, type MachinesOptions } from '../../src/resources/machines.js'
import type { ManagedRunCommands } from '../../src/resources/managed-run-commands.js'
import { MemoryStore } from '../../src/stores/memory.js'

const web = { subscriptionId: 'sub', resourceGroup: 'prod', name: 'web' }
const workers = { subscriptionId: 'sub', resourceGroup: 'prod', name: 'workers' }
const webId = virtualMachineId('sub', 'prod', 'web')
const workersId = scaleSetId('sub', 'prod', 'workers')

/** An inventory, with the steps by which it ends what runs. */
function inventoryOf (machines = new Machines()) {
  const steps: string[] = []
  const told: string[] = []
  const nameOf = ({ prefix }: Scope) => prefix.split('/').slice(8, -1).join('/')
  const machineStates = new MachineStates(new MemoryStore())
  const inventory = new Inventory({
    ...{ virtualMachines: machines.virtualMachines, scaleSets: machines.scaleSets, machineStates },
    resourceGroups: {
      noteDeclared: () => { told.push(machines.virtualMachines.list().map(({ id }) => id.name).join()) }
    },
    operations: { cancelAll: async (_: string, scope: Scope) => { steps.push(`cancel ${nameOf(scope)}`) } } as unknown as Operations,
    runCommands: {
      clear: async (scope: Scope) => { steps.push(`clear ${nameOf(scope)}`) },
      declare: async (scope: Scope) => { steps.push(`declare ${nameOf(scope)}`) }
    } as ManagedRunCommands
  })
  const { virtualMachines, scaleSets } = machines
  const redeclare = async (options: MachinesOptions) => await inventory.redeclare(() => machines.redeclare(options))
  return { virtualMachines, scaleSets, inventory, machineStates, redeclare, steps, told }
}

t.test('a declared machine gets the declared state, and what runs on it goes on', async t => {
  const { inventory, machineStates, steps } = inventoryOf()
  await machineStates.set(await inventory.declareMachine(web), 'stopped')
  const vm = await inventory.declareMachine({ ...web, powerState: 'deallocated' })
  t.equal(await machineStates.get(vm), 'deallocated')
  t.strictSame(steps, [])
})

t.test('a removed machine leaves nothing behind; one that is not declared cannot be removed', async t => {
  const { inventory, machineStates, steps, virtualMachines } = inventoryOf(new Machines({ virtualMachines: [web] }))
  await machineStates.set(virtualMachines.find(webId)!, 'stopped')
  t.equal(await inventory.removeMachine(webId), true)
  t.strictSame(steps, ['cancel web', 'clear web'])
  t.same(await machineStates.changed(), [])
  t.equal(await inventory.removeMachine(webId), false)
  t.equal(await inventory.removeMachine(virtualMachineId('sub', 'free', 'any')), false)
  t.equal(steps.length, 2)
})

t.test('the instances that a scale set no longer has leave nothing behind; the others go on', async t => {
  const { inventory, machineStates, scaleSets, steps } = inventoryOf()
  for (const instance of scaleSets.instances(scaleSets.find(workersId)!)) await machineStates.set(instance, 'stopped')
  t.strictSame((await inventory.declareScaleSet({ ...workers, instances: ['0', '2'] })).instanceIds, ['0', '2'])
  t.strictSame(steps, ['cancel workers/virtualmachines/1', 'clear workers/virtualmachines/1'])
  t.same(await machineStates.changed(), [])
})

t.test('a removed scale set leaves nothing behind; one that is not declared cannot be removed', async t => {
  const declared = new Machines({ virtualMachineScaleSets: [workers] })
  const { inventory, machineStates, scaleSets, steps } = inventoryOf(declared)
  await machineStates.set(scaleSets.instance(scaleSets.find(workersId)!, '1')!, 'stopped')
  t.equal(await inventory.removeScaleSet(workersId), true)
  t.strictSame(steps, ['cancel workers', 'clear workers'])
  t.same(await machineStates.changed(), [])
  t.equal(await inventory.removeScaleSet(workersId), false)
  t.equal(steps.length, 2)
})

t.test('declarations that are replaced end what no longer exists, and change the states of what is declared otherwise', async t => {
  const declared = { virtualMachines: [web, { ...web, name: 'db' }], virtualMachineScaleSets: [workers] }
  const { machineStates, redeclare, scaleSets, steps, virtualMachines } = inventoryOf(new Machines(declared))
  const instances = () => scaleSets.instances(scaleSets.find(workersId)!)
  for (const machine of [...virtualMachines.list(), ...instances()]) await machineStates.set(machine, 'stopped')
  await redeclare({
    virtualMachines: [{ ...web, osType: 'Windows' }, { ...web, name: 'new' }],
    virtualMachineScaleSets: [{ ...workers, instances: ['0', '7'] }]
  })
  t.strictSame(steps, ['cancel db', 'clear db', 'cancel workers/virtualmachines/1', 'clear workers/virtualmachines/1',
    'declare new', 'declare workers/virtualmachines/7'])
  t.same(await machineStates.changed(), [{ ...workers, instanceId: '0', powerState: 'stopped' }])
})

t.test('resource groups are told of each declaration, after it', async t => {
  const { inventory, redeclare, told } = inventoryOf()
  await inventory.declareMachine(web)
  await inventory.declareScaleSet(workers)
  await redeclare({ virtualMachines: [{ ...web, name: 'other' }] })
  t.strictSame(told, ['web', 'web', 'other'])
})

t.test('a machine that is no longer declared but still exists goes on, in its initial state if that is another one', async t => {
  const { machineStates, redeclare, steps, virtualMachines } = inventoryOf(new Machines({ virtualMachines: [web] }))
  const free = virtualMachines.find(virtualMachineId('sub', 'free', 'any'))!
  await machineStates.set(virtualMachines.find(webId)!, 'deallocated')
  await machineStates.set(free, 'deallocated')
  await redeclare({ powerStates: [{ subscriptionId: 'sub', resourceGroup: 'free', name: 'any', powerState: 'stopped' }] })
  t.strictSame(steps, [])
  t.equal(await machineStates.get(virtualMachines.find(free.id)!), 'stopped')
  t.equal(await machineStates.get(virtualMachines.find(webId)!), 'running', 'an undeclared machine has no operating system')
})
