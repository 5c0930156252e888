import t from 'tap'
import { resourceId, virtualMachineId } from '../../src/core/resource-id.js'

t.test('the id of a virtual machine has its path and a key that ignores case', async t => {
  const id = virtualMachineId('SUB', 'Prod', 'Web')
  t.strictSame(id, {
    subscriptionId: 'SUB',
    resourceGroup: 'Prod',
    type: 'Microsoft.Compute/virtualMachines',
    name: 'Web',
    text: '/subscriptions/SUB/resourceGroups/Prod/providers/Microsoft.Compute/virtualMachines/Web',
    collectionKey: '/subscriptions/sub/resourcegroups/prod/providers/microsoft.compute/virtualmachines',
    nameKey: 'web'
  })
  const { collectionKey, nameKey } = id
  t.match(virtualMachineId('sub', 'PROD', 'wEB'), { collectionKey, nameKey })
})

t.test('the id keeps a path as it was sent', async t => {
  const text = '/subscriptions/s/resourcegroups/RG/providers/microsoft.compute/virtualmachines/VM'
  const parts = { subscriptionId: 's', resourceGroup: 'RG', type: 'Microsoft.Compute/virtualMachines', name: 'VM' }
  const { collectionKey, nameKey } = virtualMachineId('s', 'rg', 'vm')
  t.strictSame(resourceId(text, parts), { ...parts, text, collectionKey, nameKey })
})

t.test('an id needs its parts as text', async t => {
  const withoutName = virtualMachineId as (subscriptionId: string, resourceGroup: string) => unknown
  t.throws(() => withoutName('s', 'vm'), {
    name: 'UsageError', message: 'an id needs a subscription, a resource group and a name, each as text, not "s", "vm", undefined'
  })
})

t.test('a name may contain a slash', async t => {
  const { collectionKey } = virtualMachineId('s', 'rg', 'vm')
  t.match(virtualMachineId('s', 'rg', 'A/B'), { name: 'A/B', collectionKey, nameKey: 'a/b' })
})
