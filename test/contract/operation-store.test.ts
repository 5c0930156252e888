import t from 'tap'
import { MemoryOperationStore, type OperationStore } from '../../src/core/operation-store.js'
import type { Operation } from '../../src/core/operation.js'

const implementations: Record<string, () => OperationStore> = {
  MemoryOperationStore: () => new MemoryOperationStore()
}

const scope = { subscriptionId: 's', location: 'westus', startTime: new Date(0) }

function running (id: string): Operation {
  return { ...scope, id, status: 'InProgress' }
}

for (const [name, create] of Object.entries(implementations)) {
  t.test(name, async t => {
    t.test('finds what was put, by its id', async t => {
      const store = create()
      await store.put(running('a'))
      await store.put(running('b'))
      t.same(await store.get('a'), running('a'))
      t.same(await store.get('b'), running('b'))
    })

    t.test('does not find what was never put', async t => {
      const store = create()
      t.equal(await store.get('a'), undefined)
      t.equal(await store.get('__proto__'), undefined)
    })

    t.test('replaces what was put before', async t => {
      const store = create()
      const ended: Operation = { ...scope, id: 'a', status: 'Succeeded', endTime: new Date(5), output: { value: ['x'] } }
      await store.put(running('a'))
      await store.put(ended)
      t.same(await store.get('a'), ended)
    })

    t.test('gives back each state whole', async t => {
      const store = create()
      const id = '5d424941-f944-4a5f-9b6a-0e285fa5f3ad'
      const endTime = new Date('2100-01-01T00:00:00.001Z')
      const states: Operation[] = [
        { ...scope, id, status: 'InProgress' },
        { ...scope, id, status: 'Failed', endTime, error: { code: 'Code', message: 'text' } },
        { ...scope, id, status: 'Canceled', endTime, error: { code: 'Code', message: 'text' } },
        { ...scope, id, status: 'Succeeded', endTime, output: undefined }
      ]
      for (const state of states) {
        await store.put(state)
        t.strictSame(await store.get(id), state)
      }
    })

    t.test('tells ids of the same hash apart', async t => {
      // FNV-1a takes these for the same.
      const store = create()
      for (const ids of [['costarring', 'liquid'], ['declinate', 'macallums']] as const) {
        for (const id of ids) await store.put(running(id))
        for (const id of ids) t.same(await store.get(id), running(id))
      }
    })

    t.test('can be asked for the same operation again and again', async t => {
      const store = create()
      await store.put(running('a'))
      t.same(await store.get('a'), await store.get('a'))
    })

    t.test('is empty when it has been cleared, and can be used again', async t => {
      const store = create()
      await store.put(running('a'))
      await store.clear()
      t.equal(await store.get('a'), undefined)
      await store.put(running('a'))
      t.same(await store.get('a'), running('a'))
    })

    t.test('does not mix what is put at the same time', async t => {
      const store = create()
      const ids = Array.from({ length: 100 }, (_, i) => `${i}`)
      await Promise.all(ids.map(id => store.put(running(id))))
      t.same(await Promise.all(ids.map(id => store.get(id))), ids.map(running))
    })
  })
}
