import t from 'tap'
import { virtualMachineId, type ResourceId } from '../../src/core/resource-id.js'
import type { RecordKey, Records, Store } from '../../src/core/store.js'
import { ManagedRunCommands } from '../../src/resources/managed-run-commands.js'
import { MemoryStore } from '../../src/stores/memory.js'
import { slow } from '../harness/remote-store.js'

const implementations: Readonly<Record<string, () => Store>> = {
  memory: () => new MemoryStore(),
  'memory behind a slow connection': () => slow(new MemoryStore(), [0, 3, 1])
}

interface Machine {
  readonly id: ResourceId
}

interface Numbered {
  readonly number: number
}

const MACHINES = '/subscriptions/s/resourcegroups/rg/providers/microsoft.compute/virtualmachines'
const KEY = key('vm')
const OTHER = key('vm1')
const ELSEWHERE = key('vm', MACHINES.replace('/s/', '/s2/'))

/** The keys of records: two machines, a run command of one of them, and keys elsewhere with similar names. */
const PLACES = [KEY, OTHER, key('rc', `${MACHINES}/vm`), key('vm', MACHINES.replace('/rg/', '/rg2/')), ELSEWHERE,
  key('id', '/subscriptions/s/providers/microsoft.compute/locations/westus/operations')]

const SCOPES = [
  { what: 'a machine', prefix: `${MACHINES}/vm/`, cleared: [`${MACHINES}/vm`, `${MACHINES}/vm/rc`] },
  { what: 'a resource group', prefix: '/subscriptions/s/resourcegroups/rg/', cleared: PLACES.slice(0, 3).map(pathOf) },
  {
    what: 'a subscription',
    prefix: '/subscriptions/s/',
    cleared: PLACES.filter(({ collectionKey }) => collectionKey.startsWith('/subscriptions/s/')).map(pathOf)
  },
  { what: 'a subscription without records', prefix: '/subscriptions/none/', cleared: [] }
]

function pathOf ({ collectionKey, nameKey }: RecordKey): string {
  return `${collectionKey}/${nameKey}`
}

function key (nameKey: string, collectionKey = MACHINES): RecordKey {
  return { collectionKey, nameKey }
}

async function numbers (records: Records<Numbered>, prefix: string): Promise<number[]> {
  return (await records.list(prefix)).map(({ number }) => number).sort()
}

for (const [name, create] of Object.entries(implementations)) {
  for (const evictable of [false, true]) {
    t.test(`${name}, ${evictable ? 'evictable' : 'permanent'} records`, async t => {
      const records = (store = create()) => store.records<Numbered>('numbers', { evictable })

      t.test('returns undefined for a record that was never stored', async t => {
        const stored = records()
        for (const absent of [KEY, key('__proto__'), key('constructor'), key(''), key('', '')]) {
          t.equal(await stored.get(absent), undefined)
        }
      })

      t.test('finds a record only by its whole key', async t => {
        const stored = records()
        await stored.set(KEY, { number: 1 })
        await stored.set(OTHER, { number: 2 })
        await stored.set(ELSEWHERE, { number: 3 })
        t.strictSame(await stored.get(KEY), { number: 1 })
        t.strictSame(await stored.get(OTHER), { number: 2 })
        t.strictSame(await stored.get(ELSEWHERE), { number: 3 })
        t.equal(await stored.get(key('v')), undefined)
        t.equal(await stored.get(key('VM')), undefined)
        t.equal(await stored.get(key('vm', MACHINES.slice(0, -1))), undefined)
      })

      t.test('replaces an existing record', async t => {
        const stored = records()
        await stored.set(KEY, { number: 1 })
        await stored.set(KEY, { number: 2 })
        t.strictSame(await stored.get(KEY), { number: 2 })
        t.strictSame(await numbers(stored, '/'), [2])
      })

      t.test('adds a record only if none has its key', async t => {
        const stored = records()
        t.equal(await stored.add(KEY, { number: 1 }), true)
        t.equal(await stored.add(KEY, { number: 2 }), false)
        t.strictSame(await stored.get(KEY), { number: 1 })
        await stored.set(OTHER, { number: 3 })
        t.equal(await stored.add(OTHER, { number: 4 }), false)
        await stored.delete(KEY)
        t.equal(await stored.add(KEY, { number: 5 }), true)
      })

      t.test('lets only one of many concurrent adds succeed', async t => {
        const stored = records()
        const adding = Array.from({ length: 50 }, async (_, number) => await stored.add(KEY, { number }))
        const added = await Promise.all(adding)
        t.equal(added.filter(Boolean).length, 1)
        t.strictSame(await stored.get(KEY), { number: added.indexOf(true) })
      })

      t.test('lists the records of collections below a path', async t => {
        const stored = records()
        await stored.set(KEY, { number: 1 })
        await stored.set(OTHER, { number: 2 })
        await stored.set(ELSEWHERE, { number: 3 })
        t.strictSame(await numbers(stored, '/'), [1, 2, 3])
        t.strictSame(await numbers(stored, '/subscriptions/s/'), [1, 2])
        t.strictSame(await numbers(stored, `${MACHINES}/`), [1, 2])
        t.strictSame(await numbers(stored, `${MACHINES}/vm/`), [])
      })

      t.test('deletes only the given record and ignores a missing one', async t => {
        const stored = records()
        await stored.set(KEY, { number: 1 })
        await stored.set(OTHER, { number: 2 })
        await stored.delete(KEY)
        await stored.delete(KEY)
        await stored.delete(ELSEWHERE)
        t.equal(await stored.get(KEY), undefined)
        t.strictSame(await stored.get(OTHER), { number: 2 })
      })

      t.test('does not mix records that are stored concurrently', async t => {
        const stored = records()
        const all = Array.from({ length: 100 }, (_, number) => number)
        await Promise.all(all.map(async number => await stored.set(key(`${number}`), { number })))
        const found = await Promise.all(all.map(async number => await stored.get(key(`${number}`))))
        t.strictSame(found, all.map(number => ({ number })))
      })
    })
  }

  t.test(name, async t => {
    t.test('returns any JSON value unchanged', async t => {
      const record = { text: 'é€😀\r\n\0', number: 1.5, no: null, yes: true, list: [{}, []], nested: { a: { b: '' } } }
      const stored = create().records<object>('anything')
      await stored.set(KEY, record)
      t.strictSame(await stored.get(KEY), record)
    })

    t.test('separates kinds, and shares the records of a kind', async t => {
      const store = create()
      await store.records<Numbered>('one').set(KEY, { number: 1 })
      await store.records<Numbered>('other').set(KEY, { number: 2 })
      t.strictSame(await store.records('one').get(KEY), { number: 1 })
      t.strictSame(await store.records('other').get(KEY), { number: 2 })
      t.equal(await store.records('third').get(KEY), undefined)
    })

    t.test('stores and changes managed run commands, and clears only those below a path', async t => {
      const store = create()
      const commands = new ManagedRunCommands(store)
      const [vm, other] = ['vm', 'vm1'].map(name => ({ id: virtualMachineId('s', 'rg', name) })) as [Machine, Machine]
      for (const machine of [vm, other]) {
        for (const name of ['b', 'A']) {
          await commands.set(machine, { vmId: machine.id.text, name, location: 'westus', settings: { source: {} }, provisioningState: 'Creating', sequence: 0 })
        }
      }
      t.equal(await commands.change(vm, { name: 'a' }, { provisioningState: 'Succeeded' }), true)
      t.equal(await commands.change(vm, { name: 'a', runId: 'later' }, { provisioningState: 'Failed' }), false)
      t.same((await commands.list(vm)).map(({ name, provisioningState }) => `${name} ${provisioningState}`), ['A Succeeded', 'b Creating'])
      await store.clear(`${MACHINES}/vm/`)
      t.same(await commands.list(vm), [])
      t.equal((await commands.list(other)).length, 2)
    })

    t.test('clears records of every kind below a path and remains usable', async t => {
      const store = create()
      const [one, other] = [store.records<Numbered>('one'), store.records<Numbered>('other', { evictable: true })]
      for (const records of [one, other]) for (const place of [KEY, ELSEWHERE]) await records.set(place, { number: 1 })
      await store.clear('/subscriptions/s/')
      for (const records of [one, other]) {
        t.equal(await records.get(KEY), undefined)
        t.strictSame(await records.get(ELSEWHERE), { number: 1 })
      }
      await store.clear('/')
      for (const records of [one, other]) t.strictSame(await records.list('/'), [])
      await one.set(KEY, { number: 3 })
      t.strictSame(await one.get(KEY), { number: 3 })
    })

    for (const scope of SCOPES) {
      t.test(`clears only the records of ${scope.what}`, async t => {
        const store = create()
        for (const records of [store.records<Numbered>('one'), store.records<Numbered>('other', { evictable: true })]) {
          for (const place of PLACES) await records.set(place, { number: 1 })
        }
        await store.clear(scope.prefix)
        for (const records of [store.records<Numbered>('one'), store.records<Numbered>('other')]) {
          const kept = await Promise.all(PLACES.map(async place => await records.get(place) !== undefined))
          t.same(PLACES.filter((_, index) => !kept[index]).map(pathOf), scope.cleared)
          t.equal((await records.list('/')).length, PLACES.length - scope.cleared.length)
        }
      })
    }
  })
}
