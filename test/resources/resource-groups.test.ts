import t from 'tap'
import { Scope } from '../../src/core/scope.js'
import { DeclaredGroups } from '../../src/resources/declared-groups.js'
import { ResourceGroups } from '../../src/resources/resource-groups.js'
import { virtualMachineOf } from '../../src/resources/virtual-machines.js'

const declared = (resourceGroup: string) =>
  new DeclaredGroups({ resources: [virtualMachineOf({ subscriptionId: 's', resourceGroup, name: 'vm' })] })
const group = (name: string, subscriptionId = 's') => ({ subscriptionId, name, location: 'westus' })

t.test('a reset of a scope drops the groups that were created there, and no others', async t => {
  const groups = new ResourceGroups(new DeclaredGroups({ strict: true }))
  for (const each of [group('a'), group('ab'), group('a', 'other')]) groups.put(each)
  groups.reset(Scope.of({ subscriptionId: 'S', resourceGroup: 'A' }))
  t.strictSame([groups.has('s', 'a'), groups.has('s', 'ab'), groups.has('other', 'a')], [false, true, true])
  groups.reset(Scope.of({ subscriptionId: 's' }))
  t.strictSame([groups.has('s', 'ab'), groups.has('other', 'a')], [false, true])
  groups.reset()
  t.notOk(groups.has('other', 'a'))
})

t.test('keeps a group unchanged if its deletion fails', async t => {
  const groups = new ResourceGroups(declared('a'))
  const tagged = { ...group('a'), tags: { x: '1' } }
  groups.put(tagged)
  groups.beginDeletion(tagged)
  groups.noteDeletion(tagged, 'operation')
  t.ok(groups.isBeingDeleted('S', 'A'))
  groups.endDeletion(tagged, false)
  t.notOk(groups.isBeingDeleted('s', 'a'))
  t.strictSame(groups.find('s', 'a'), tagged)
  t.equal(groups.deletionOf('s', 'a'), 'operation')
})

t.test('does not list a group that nobody has created after its deletion fails', async t => {
  const groups = new ResourceGroups(new DeclaredGroups())
  groups.beginDeletion(group('a'))
  groups.noteDeletion(group('a'), 'operation')
  t.strictSame(groups.list('s'), [group('a')])
  groups.endDeletion(group('a'), false)
  t.strictSame([groups.has('s', 'a'), groups.isDeclaredOrCreated('s', 'a'), groups.list('s'), groups.states()], [true, false, [], []])
  t.equal(groups.deletionOf('s', 'a'), 'operation')
})

t.test('lists each group of a subscription once, whether created or declared by its machines', async t => {
  const groups = new ResourceGroups(declared('Web'))
  for (const each of [group('web'), group('db'), group('x', 'other')]) groups.put(each)
  t.strictSame(groups.list('S').map(({ name }) => name), ['web', 'db'])
})
