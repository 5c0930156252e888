import t from 'tap'
import { virtualMachineId } from '../../src/core/resource-id.js'
import { Scope } from '../../src/core/scope.js'
import { Machines } from '../../src/resources/machines.js'
import type { VirtualMachines } from '../../src/resources/virtual-machines.js'
import { matchList } from '../harness/match-list.js'

const web = { subscriptionId: 'sub', resourceGroup: 'prod', name: 'web' }
const id = virtualMachineId('sub', 'prod', 'web')

function find (machines: VirtualMachines, subscriptionId: string, resourceGroup: string, name: string) {
  return machines.find(virtualMachineId(subscriptionId, resourceGroup, name))
}

t.test('without declared machines', async t => {
  t.test('every machine exists and runs, whatever its operating system', async t => {
    const { groups, virtualMachines: machines } = new Machines()
    t.strictSame(machines.find(id), { id, location: 'westus', initialState: 'running' })
    t.ok(groups.hasResourceGroup('sub', 'prod'))
  })

  t.test('finding a machine does not declare it', async t => {
    const { virtualMachines: machines } = new Machines()
    machines.find(id)
    t.same(machines.list(), [])
    t.ok(find(machines, 'sub', 'prod', 'other'))
  })

  t.test('a machine has the requested name', async t => {
    t.match(find(new Machines().virtualMachines, 'SUB', 'Prod', '__proto__')?.id,
      { subscriptionId: 'SUB', resourceGroup: 'Prod', name: '__proto__' })
  })
})

t.test('a declared machine', async t => {
  t.test('is a running Linux machine in westus by default', async t => {
    const win = { ...web, name: 'win', osType: 'Windows', powerState: 'stopped' } as const
    const { virtualMachines: machines } = new Machines({ virtualMachines: [web, win] })
    t.strictSame(machines.find(id), { id, location: 'westus', osType: 'Linux', initialState: 'running' })
    t.match(find(machines, 'sub', 'prod', 'win'), { osType: 'Windows', initialState: 'stopped' })
  })

  t.test('has the short name of its region, whatever form the declaration uses', async t => {
    const { virtualMachines: machines } = new Machines({ virtualMachines: [{ ...web, location: 'West US' }] })
    t.match(machines.find(id), { location: 'westus' })
  })

  t.test('has the default for each property that is undefined', async t => {
    const { virtualMachines: machines } = new Machines()
    machines.declare({ ...web, osType: undefined, location: undefined, powerState: undefined })
    t.match(machines.find(id), { location: 'westus', osType: 'Linux', initialState: 'running' })
  })

  t.test('is found in any case, under its declared name', async t => {
    const { groups, virtualMachines: machines } = new Machines({ virtualMachines: [{ ...web, name: 'Web' }] })
    t.match(find(machines, 'SUB', 'PROD', 'wEB')?.id, { name: 'Web', resourceGroup: 'prod' })
    t.ok(groups.hasResourceGroup('Sub', 'Prod'))
  })

  t.test('replaces an earlier one with the same name', async t => {
    const { virtualMachines: machines } = new Machines({ virtualMachines: [web] })
    machines.declare({ ...web, name: 'WEB', powerState: 'deallocated' })
    matchList(t, machines.list(), [{ id: { name: 'WEB' }, initialState: 'deallocated' }])
  })

  t.test('cannot be changed from outside', async t => {
    const vm = new Machines().virtualMachines.declare(web)
    t.throws(() => Object.assign(vm, { initialState: 'stopped' }), TypeError)
    t.throws(() => Object.assign(vm.id, { name: '' }), TypeError)
  })

  t.test('limits its own resource group, and no other, to declared machines', async t => {
    const { virtualMachines: machines } = new Machines({ virtualMachines: [web] })
    t.equal(find(machines, 'sub', 'prod', 'db'), undefined)
    t.ok(find(machines, 'sub', 'test', 'db'))
    t.ok(find(machines, 'other', 'prod', 'db'))
  })
})

t.test('under strict only declared machines exist', async t => {
  const { groups, virtualMachines: machines } = new Machines({ virtualMachines: [web], strict: true })
  t.ok(machines.find(id))
  t.ok(groups.hasResourceGroup('sub', 'prod'))
  t.equal(find(machines, 'sub', 'test', 'web'), undefined)
  t.notOk(groups.hasResourceGroup('sub', 'test'))
  t.notOk(groups.hasResourceGroup('other', 'prod'))
  t.ok(machines.declare({ ...web, resourceGroup: 'test' }))
  t.ok(find(machines, 'sub', 'test', 'web'))
  t.ok(groups.hasResourceGroup('sub', 'test'))
})

t.test('lists all declared machines, or those of a subscription or resource group', async t => {
  const declared = [web, { ...web, name: 'db' }, { ...web, resourceGroup: 'test' }, { ...web, subscriptionId: 'other' }]
  const ids = declared.map(each => virtualMachineId(each.subscriptionId, each.resourceGroup, each.name))
  const { virtualMachines: machines } = new Machines({ virtualMachines: declared })
  const listed = (...scope: string[]) => machines.list(scope[0], scope[1]).map(vm => vm.id)
  t.same(listed(), ids)
  t.same(listed('SUB'), ids.slice(0, 3))
  t.same(listed('sub', 'PROD'), ids.slice(0, 2))
  t.same(listed('none'), [])
})

t.test('a reset restores the machines that were declared at the start', async t => {
  const { groups, virtualMachines: machines } = new Machines({ virtualMachines: [web] })
  machines.declare({ ...web, powerState: 'stopped' })
  machines.declare({ ...web, resourceGroup: 'test' })
  groups.reset()
  matchList(t, machines.list(), [{ id, initialState: 'running' }])
  t.ok(find(machines, 'sub', 'test', 'anything'))
})

t.test('a reset of a scope restores its declared machines in their order, and leaves the rest', async t => {
  const declared = [{ ...web, name: 'db' }, web, { ...web, subscriptionId: 'other' }]
  const listed = (machines: VirtualMachines) => machines.list().map(({ id: { text }, initialState }) => `${text} ${initialState}`)
  const initially = listed(new Machines({ virtualMachines: declared }).virtualMachines)
  const scopes = { vmName: { vmName: 'DB' }, resourceGroup: {}, subscription: { resourceGroup: undefined } }
  for (const [what, names] of Object.entries(scopes)) {
    const { groups, virtualMachines: machines } = new Machines({ virtualMachines: declared })
    machines.declare({ ...web, name: 'db', powerState: 'stopped' })
    groups.reset(Scope.of({ subscriptionId: 'SUB', resourceGroup: 'PROD', ...names }))
    t.strictSame(listed(machines), initially, what)
  }
  const { groups, virtualMachines: machines } = new Machines({ virtualMachines: declared })
  machines.declare({ ...web, resourceGroup: 'test' })
  machines.declare({ ...web, name: 'new' })
  machines.remove(id)
  groups.reset(Scope.of({ subscriptionId: 'other' }))
  t.equal(machines.list().length, 4)
  groups.reset(Scope.of({ subscriptionId: 'sub', resourceGroup: 'test' }))
  t.ok(find(machines, 'sub', 'test', 'anything'), 'its group has all machines again')
  groups.reset(Scope.of({ subscriptionId: 'sub', resourceGroup: 'prod', vmName: 'new' }))
  t.same(machines.list().map(({ id: { name } }) => name), ['db', 'web'])
  groups.reset(Scope.of({ subscriptionId: 'sub', resourceGroup: 'prod', vmName: 'web' }))
  t.strictSame(listed(machines), initially)
})

t.test('a reset removes a subscription that was declared after the start', async t => {
  const { groups, virtualMachines: machines } = new Machines()
  machines.declare(web)
  groups.reset(Scope.of({ subscriptionId: 'sub', resourceGroup: 'prod', vmName: 'web' }))
  t.ok(find(machines, 'sub', 'prod', 'anything'))
  t.same([...groups.subscriptionIds()], [])
})

t.test('a removed machine is gone, and its group still has no undeclared machines', async t => {
  const { groups, virtualMachines: machines } = new Machines({ virtualMachines: [web] })
  t.equal(machines.remove(id), true)
  t.equal(machines.remove(id), false)
  t.equal(find(machines, 'sub', 'prod', 'web'), undefined)
  t.same(groups.resourceGroups(), [{ subscriptionId: 'sub', name: 'prod', isEmpty: true }])
  groups.reset()
  t.ok(machines.isDeclared(id))
})

t.test('a declared resource group may be empty, and exists under strict', async t => {
  const { groups, virtualMachines: machines } = new Machines({ resourceGroups: [{ subscriptionId: 'sub', name: 'prod' }], strict: true })
  t.equal(find(machines, 'sub', 'prod', 'web'), undefined)
  t.ok(groups.hasResourceGroup('sub', 'PROD'))
  machines.declare(web)
  groups.reset()
  t.same(groups.resourceGroups(), [{ subscriptionId: 'sub', name: 'prod', isEmpty: true }])
})

t.test('an undeclared machine may have an initial state, which does not affect other machines', async t => {
  const powerStates = [{ subscriptionId: 'SUB', resourceGroup: 'test', name: 'off', powerState: 'stopped' }] as const
  const { virtualMachines: machines } = new Machines({ virtualMachines: [web], powerStates })
  t.match(find(machines, 'sub', 'TEST', 'Off'), { initialState: 'stopped', osType: undefined })
  t.match(find(machines, 'sub', 'test', 'other'), { initialState: 'running' })
})

t.test('finds no machine by a name that Azure refuses', async t => {
  for (const strict of [false, true]) {
    const { groups, virtualMachines: machines } = new Machines({ virtualMachines: [web], strict })
    for (const name of ['', '..', 'vm.', 'vm-', 'a\0b', 'a b', 'a/b', 'a%00b', 'v*', 'x'.repeat(65), 'x'.repeat(8000)]) {
      t.equal(find(machines, 'sub', 'test', name), undefined, JSON.stringify(name.slice(0, 20)))
    }
    for (const group of ['', '..', 'rg.', 'a\0b', 'a b', 'r/g', 'r%2Fg', 'x'.repeat(91), 'x'.repeat(8000)]) {
      t.notOk(groups.hasResourceGroup('sub', group), JSON.stringify(group.slice(0, 20)))
      t.equal(find(machines, 'sub', group, 'web'), undefined, JSON.stringify(group.slice(0, 20)))
    }
  }
})

t.test('finds any machine by a name that Azure allows', async t => {
  const { groups, virtualMachines: machines } = new Machines()
  for (const name of ['v', 'web-1', 'web_1', '_web', '1.web', 'x'.repeat(64)]) t.ok(find(machines, 'sub', 'test', name), name)
  for (const group of ['r', 'rg-1', '_(r).g', 'Übung', 'x'.repeat(90)]) t.ok(groups.hasResourceGroup('sub', group), group)
})
