import t from 'tap'
import { scaleSetId, virtualMachineId } from '../../src/core/resource-id.js'
import { Scope } from '../../src/core/scope.js'
import { Machines } from '../../src/resources/machines.js'
import type { ScaleSets } from '../../src/resources/scale-sets.js'
import { machineName } from '../../src/resources/virtual-machines.js'

const workers = { subscriptionId: 'sub', resourceGroup: 'prod', name: 'workers' }
const id = scaleSetId('sub', 'prod', 'workers')

function idsOf (scaleSets: ScaleSets): readonly string[] | undefined {
  return scaleSets.find(id)?.instanceIds
}

t.test('an undeclared scale set lists two instances, and has an instance for every number', async t => {
  const { scaleSets } = new Machines()
  const scaleSet = scaleSets.find(id)!
  t.strictSame(scaleSet, { id, location: 'westus', instanceIds: ['0', '1'] })
  t.strictSame(scaleSets.instances(scaleSet).map(machineName), ['workers_0', 'workers_1'])
  for (const instanceId of ['2', '4711', '2147483647']) t.ok(scaleSets.instance(scaleSet, instanceId), instanceId)
  for (const instanceId of ['', '01', '00', '-1', '1.0', 'a', '*', '٣', '0 ', '12345678901']) {
    t.equal(scaleSets.instance(scaleSet, instanceId), undefined, JSON.stringify(instanceId))
  }
  t.same(scaleSets.list(), [], 'the scale set is not listed')
})

t.test('a declared scale set has exactly the declared instances, in their order', async t => {
  const { scaleSets } = new Machines({
    virtualMachineScaleSets: [{ ...workers, location: 'East US', osType: 'Windows', instances: ['5', '3'] }]
  })
  const scaleSet = scaleSets.find(scaleSetId('SUB', 'Prod', 'WORKERS'))!
  t.match(scaleSet, { id: { name: 'workers' }, location: 'eastus', osType: 'Windows' })
  t.strictSame(scaleSet.instanceIds, ['5', '3'])
  t.strictSame(scaleSets.instance(scaleSet, '3'), {
    id: {
      subscriptionId: 'sub',
      resourceGroup: 'prod',
      type: 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines',
      name: '3',
      text: '/subscriptions/sub/resourceGroups/prod/providers/Microsoft.Compute/virtualMachineScaleSets/workers/virtualMachines/3',
      collectionKey: '/subscriptions/sub/resourcegroups/prod/providers/microsoft.compute/virtualmachinescalesets/workers/virtualmachines',
      nameKey: '3'
    },
    location: 'eastus',
    osType: 'Windows',
    initialState: 'running',
    scaleSet: { name: 'workers', instanceId: '3' }
  })
  t.equal(scaleSets.instance(scaleSet, '0'), undefined)
  t.throws(() => Object.assign(scaleSet, { location: '' }), TypeError, 'it cannot be changed from outside')
})

t.test('a declared scale set may have no instances', async t => {
  const { scaleSets } = new Machines({ virtualMachineScaleSets: [{ ...workers, instances: [] }] })
  t.strictSame(scaleSets.instances(scaleSets.find(id)!), [])
})

t.test('a group with a declared scale set has no undeclared scale sets or machines', async t => {
  const { groups, scaleSets, virtualMachines } = new Machines({ virtualMachineScaleSets: [workers] })
  t.equal(scaleSets.find(scaleSetId('sub', 'PROD', 'others')), undefined)
  t.equal(virtualMachines.find(virtualMachineId('sub', 'PROD', 'vm')), undefined)
  t.ok(virtualMachines.find(virtualMachineId('sub', 'test', 'vm')))
  t.ok(scaleSets.find(scaleSetId('sub', 'test', 'others')))
  t.strictSame(groups.resourceGroups(), [{ subscriptionId: 'sub', name: 'prod', isEmpty: false }])
})

t.test('a group with a declared machine has no scale sets', async t => {
  const { scaleSets } = new Machines({ virtualMachines: [{ ...workers, name: 'vm' }] })
  t.equal(scaleSets.find(id), undefined)
})

t.test('a machine and a scale set may have the same name', async t => {
  const options = { virtualMachines: [workers], virtualMachineScaleSets: [workers] }
  const { scaleSets, virtualMachines } = new Machines(options)
  t.ok(scaleSets.remove(id))
  t.equal(scaleSets.remove(id), false)
  t.equal(scaleSets.find(id), undefined)
  t.ok(virtualMachines.find(virtualMachineId('sub', 'prod', 'workers')))
})

t.test('under strict only declared scale sets exist', async t => {
  const { scaleSets } = new Machines({ strict: true })
  t.equal(scaleSets.find(id), undefined)
  scaleSets.declare(workers)
  t.ok(scaleSets.isDeclared(id))
  t.strictSame(idsOf(scaleSets), ['0', '1'])
})

t.test('lists all declared scale sets, or those of a subscription or resource group', async t => {
  const declared = [workers, { ...workers, resourceGroup: 'test' }, { ...workers, subscriptionId: 'other' }]
  const { scaleSets } = new Machines({ virtualMachineScaleSets: declared })
  const listed = (...scope: string[]) => scaleSets.list(...scope).map(({ id: { text } }) => text)
  const ids = declared.map(each => scaleSetId(each.subscriptionId, each.resourceGroup, each.name).text)
  t.strictSame(listed(), ids)
  t.strictSame(listed('SUB'), ids.slice(0, 2))
  t.strictSame(listed('sub', 'TEST'), ids.slice(1, 2))
})

t.test('a reset of a group restores its declared scale sets; a reset of a machine with the same name does not', async t => {
  const { groups, scaleSets } = new Machines({ virtualMachineScaleSets: [workers] })
  scaleSets.declare({ ...workers, instances: ['7'] })
  groups.reset(Scope.of({ subscriptionId: 'sub', resourceGroup: 'prod', vmName: 'workers' }))
  t.strictSame(idsOf(scaleSets), ['7'])
  groups.reset(Scope.of({ subscriptionId: 'sub', resourceGroup: 'prod' }))
  t.strictSame(idsOf(scaleSets), ['0', '1'])
})

t.test('finds no scale set by a name that Azure refuses', async t => {
  const { scaleSets } = new Machines()
  for (const name of ['', '..', 'ss.', 'ss-', 'a b', 'a/b', 'a\0b', 'x'.repeat(65)]) {
    t.equal(scaleSets.find(scaleSetId('sub', 'prod', name)), undefined, JSON.stringify(name.slice(0, 20)))
  }
  t.equal(scaleSets.find(scaleSetId('sub', 'rg.', 'ss')), undefined)
})
