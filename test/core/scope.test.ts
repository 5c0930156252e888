import t from 'tap'
import { instanceIdOf, scaleSetId, virtualMachineId } from '../../src/core/resource-id.js'
import { Scope } from '../../src/core/scope.js'

const VM = virtualMachineId('s', 'rg', 'vm')
const ELSEWHERE = [virtualMachineId('s', 'rg', 'vm2'), virtualMachineId('s', 'rg2', 'vm'), virtualMachineId('s2', 'rg', 'vm')]
const everything = {}
const subscription = { subscriptionId: 'S' }
const group = { subscriptionId: 's', resourceGroup: 'RG' }
const machine = { subscriptionId: 's', resourceGroup: 'rg', vmName: 'Vm' }

t.test('a scope contains the resources below its names in any case, but none whose name only has the same prefix', async t => {
  for (const [names, others] of [[everything, [true, true, true]], [subscription, [true, true, false]],
    [group, [true, false, false]], [machine, [false, false, false]]] as const) {
    const scope = Scope.of(names)
    t.equal(scope.contains(VM), true)
    t.equal(scope.containsPath(VM.text.toUpperCase()), true)
    t.same(ELSEWHERE.map(id => scope.contains(id)), others)
    t.same(ELSEWHERE.map(({ text }) => scope.containsPath(text)), others)
  }
})

t.test('a scope overlaps the scopes that contain it and those that it contains', async t => {
  const nested = [everything, subscription, group, machine].map(names => Scope.of(names))
  for (const one of nested) for (const other of nested) t.ok(one.overlaps(other))
  for (const other of [{ subscriptionId: 's2' }, { ...group, resourceGroup: 'rg2' }, { ...machine, vmName: 'vm2' }]) {
    t.notOk(Scope.of(machine).overlaps(Scope.of(other)))
    t.notOk(Scope.of(other).overlaps(Scope.of(machine)))
  }
})

const wrong = {
  resourceGroup: [{ resourceGroup: 'rg' }, "option 'resourceGroup' needs 'subscriptionId': give both"],
  vmName: [{ subscriptionId: 's', vmName: 'vm' }, "option 'vmName' needs 'resourceGroup': give both"],
  subscription: [{ subscription: 's' }, "option 'subscription' is not a part of a scope: expected one of subscriptionId, resourceGroup, vmName"],
  subscriptionId: [{ subscriptionId: 1 }, "option 'subscriptionId' must be text that is not empty, not 1"]
} as const

t.test('wrong names are refused and never mean everything', async t => {
  for (const [option, [names, message]] of Object.entries(wrong)) t.throws(() => Scope.of(names as never), { name: 'UsageError', option, message } as Error)
  t.throws(() => Scope.of({ subscriptionId: '' }), { message: /^option 'subscriptionId' must be text/ })
})

t.test('a scope without names, or with undefined ones, contains everything', async t => {
  t.equal(Scope.of({}), Scope.everything)
  t.equal(Scope.of({ subscriptionId: undefined }), Scope.everything)
})

t.test('the scope of a resource contains it and the resources below it', async t => {
  const scope = Scope.at(scaleSetId('S', 'rg', 'SS'))
  t.equal(scope.contains(scaleSetId('s', 'RG', 'ss')), true)
  t.equal(scope.contains(instanceIdOf(scaleSetId('s', 'rg', 'ss'), '0')), true)
  t.same([...ELSEWHERE, scaleSetId('s', 'rg', 'ss2')].map(id => scope.contains(id)), [false, false, false, false])
})
