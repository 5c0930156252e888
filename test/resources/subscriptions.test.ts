import t from 'tap'
import { virtualMachineId } from '../../src/core/resource-id.js'
import { Machines } from '../../src/resources/machines.js'
import { Subscriptions } from '../../src/resources/subscriptions.js'
import type { VirtualMachineDeclaration } from '../../src/resources/virtual-machines.js'
import { matchList } from '../harness/match-list.js'

const TENANT = '3f6a2f14-6f5c-4f6e-9a3f-2b6f6f1d8a10'
const DEFAULT_TENANT = '00000000-0000-4000-8000-617a72756e00'
const FALLBACK = '00000000-0000-0000-0000-000000000000'

function machine (subscriptionId: string, name = 'vm'): VirtualMachineDeclaration {
  return { subscriptionId, resourceGroup: 'rg', name }
}

t.test('lists declared subscriptions, then those of declared machines, each once', async t => {
  const { groups } = new Machines({ virtualMachines: [machine('B'), machine('a'), machine('b', 'other')] })
  const subscriptions = new Subscriptions({ groups, declared: [{ subscriptionId: 'A', displayName: 'mine' }] })
  matchList(t, subscriptions.list(), [{ subscriptionId: 'A', displayName: 'mine' }, { subscriptionId: 'B', displayName: 'azrun' }])
  t.equal(subscriptions.default.subscriptionId, 'A')
})

t.test('has a default if no subscription is declared, which is listed unless strict', async t => {
  const { groups } = new Machines()
  matchList(t, new Subscriptions({ groups }).list(), [{ subscriptionId: FALLBACK, tenantId: DEFAULT_TENANT }])
  const strict = new Subscriptions({ groups, strict: true })
  t.strictSame(strict.list(), [])
  t.equal(strict.default.subscriptionId, FALLBACK)
  t.ok(strict.hasTenant(DEFAULT_TENANT), "clients can log in to the default's tenant")
})

t.test('finds a subscription in any case, and any undeclared one unless strict', async t => {
  const { groups } = new Machines({ virtualMachines: [machine('Sub')] })
  for (const strict of [false, true]) {
    const subscriptions = new Subscriptions({ groups, strict })
    t.match(subscriptions.find('sUB'), { subscriptionId: 'Sub' })
    t.ok(subscriptions.isDeclared('sUB'))
    t.notOk(subscriptions.isDeclared('other'))
    t.equal(subscriptions.find('other')?.subscriptionId, strict ? undefined : 'other')
    t.equal(subscriptions.has('other'), !strict)
  }
})

t.test('includes the subscription of a machine that is declared later, until a reset', async t => {
  const { groups, virtualMachines } = new Machines()
  const subscriptions = new Subscriptions({ groups, strict: true })
  virtualMachines.declare(machine('later'))
  t.ok(subscriptions.has('LATER'))
  groups.reset()
  t.notOk(subscriptions.has('later'))
})

t.test('under strict only the tenants of the subscriptions exist', async t => {
  const declared = [{ subscriptionId: 'a', tenantId: TENANT }]
  const has = (tenant: string, { groups } = new Machines()) =>
    new Subscriptions({ groups, declared, strict: true }).hasTenant(tenant)
  t.ok(has(TENANT.toUpperCase()))
  t.notOk(has(DEFAULT_TENANT))
  t.ok(has(DEFAULT_TENANT, new Machines({ virtualMachines: [machine('b')] })))
  t.notOk(has(DEFAULT_TENANT, new Machines({ virtualMachines: [machine('A')] })))
})

t.test('lookups do not slow down with the number of declared machines', async t => {
  const few = timeOf(10)
  const many = timeOf(10_000)
  // Building a list for each request would make lookups a thousand times slower.
  t.ok(many < 25 * few, `${many} ms against ${few} ms`)
})

/** Milliseconds for the lookups of 50 requests with `count` declared machines; the best of 20 rounds. */
function timeOf (count: number): number {
  const declared = Array.from({ length: count }, (_, index) => ({
    subscriptionId: `sub-${index % 100}`, resourceGroup: `rg-${index % 7}`, name: `vm-${index}`
  }))
  const { groups, virtualMachines } = new Machines({ virtualMachines: declared, strict: true })
  const subscriptions = new Subscriptions({ groups, strict: true })
  const last = declared.at(-1)!
  const id = virtualMachineId(last.subscriptionId, last.resourceGroup, last.name)
  const rounds = Array.from({ length: 20 }, () => {
    const start = performance.now()
    for (let n = 0; n < 50; n++) {
      subscriptions.has(last.subscriptionId)
      subscriptions.find(last.subscriptionId)
      subscriptions.isDeclared(last.subscriptionId)
      subscriptions.hasTenant(DEFAULT_TENANT)
      subscriptions.default.tenantId.toLowerCase()
      virtualMachines.find(id)
      groups.hasResourceGroup(last.subscriptionId, last.resourceGroup)
    }
    return performance.now() - start
  })
  return Math.min(...rounds)
}
