import t from 'tap'
import { MemoryStore } from '../../src/stores/memory.js'

function create (capacity: number | undefined, evictable: boolean) {
  const records = new MemoryStore({ capacity }).records<{ number: number }>('numbers', { evictable })
  const set = (number: number) => records.set({ collectionKey: '/subscriptions/s', nameKey: `${number}` }, { number })
  const kept = async () => (await records.list('/')).map(({ number }) => number)
  return { records, set, kept }
}

function from (first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

t.test('keeps the newest evictable records, at least as many as its capacity and at most twice as many', async t => {
  const { set, kept } = create(100, true)
  const counts: number[] = []
  for (let number = 1; number <= 1000; number++) {
    await set(number)
    const numbers = await kept()
    if (number % 50 === 0) t.strictSame(numbers, from(number - numbers.length + 1, number))
    if (number >= 100) counts.push(numbers.length)
  }
  t.strictSame([Math.min(...counts), Math.max(...counts)], [100, 199])
})

t.test('keeps every record that is not evictable', async t => {
  const { set, kept } = create(100, false)
  for (let number = 1; number <= 1000; number++) await set(number)
  t.strictSame(await kept(), from(1, 1000))
})

t.test('returns the newer of two records with the same key, whichever generation holds it', async t => {
  const { records } = create(2, true)
  const key = { collectionKey: '/subscriptions/s', nameKey: 'a' }
  await records.set(key, { number: 1 })
  await records.set({ ...key, nameKey: 'b' }, { number: 2 })
  await records.set(key, { number: 3 })
  t.strictSame(await records.get(key), { number: 3 })
  t.strictSame((await records.list('/')).map(({ number }) => number).sort(), [2, 3])
  await records.delete(key)
  t.equal(await records.get(key), undefined)
})

t.test('keeps 10,000 evictable records by default', async t => {
  const { set, kept } = create(undefined, true)
  for (let number = 1; number <= 10_001; number++) await set(number)
  t.strictSame(await kept(), from(1, 10_001))
  for (let number = 10_002; number <= 20_000; number++) await set(number)
  t.strictSame(await kept(), from(10_001, 20_000))
})

t.test('the time to clear a subscription does not grow with the number of others', async t => {
  const clearAmong = (others: number) => {
    const store = new MemoryStore()
    const [one, other] = [store.records<object>('one'), store.records<object>('other')]
    const keyOf = (number: number) => ({ collectionKey: `/subscriptions/s${number}/resourcegroups/rg`, nameKey: 'vm' })
    for (let number = 0; number < others; number++) for (const records of [one, other]) records.set(keyOf(number), {})
    const times = Array.from({ length: 200 }, (_, number) => {
      const began = performance.now()
      store.clear(`/subscriptions/s${number}/`)
      store.clear('/subscriptions/none/')
      return performance.now() - began
    })
    return times.sort((one, other) => one - other)[100]!
  }
  clearAmong(1000)
  const [few, many] = [clearAmong(300), clearAmong(100_000)]
  t.ok(many < 20 * few, `${many} ms with 100,000 subscriptions, ${few} ms with 300`)
})
