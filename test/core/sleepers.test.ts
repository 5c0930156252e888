import fc from 'fast-check'
import t from 'tap'
import { Sleepers } from '../../src/core/sleepers.js'

t.test('sleepers leave in the order of their due time, then of their arrival, even if others were removed', async () => {
  fc.assert(fc.property(fc.array(fc.record({ due: fc.nat(20), isRemoved: fc.boolean() })), given => {
    const sleepers = new Sleepers()
    const woken: number[] = []
    const removes = given.map(({ due }, index) => sleepers.add({ due, wake: () => woken.push(index) }))
    for (const [index, { isRemoved }] of given.entries()) if (isRemoved) removes[index]!()
    for (let sleeper = sleepers.take(); sleeper !== undefined; sleeper = sleepers.take()) sleeper.wake()
    const expected = given.map(({ due, isRemoved }, index) => ({ due, isRemoved, index }))
      .filter(({ isRemoved }) => !isRemoved).toSorted((a, b) => a.due - b.due || a.index - b.index)
    return JSON.stringify(woken) === JSON.stringify(expected.map(({ index }) => index))
  }))
})

t.test('removing a sleeper that has left does nothing', async t => {
  const sleepers = new Sleepers()
  const remove = sleepers.add({ due: 1, wake () {} })
  sleepers.take()
  sleepers.add({ due: 2, wake () {} })
  remove()
  remove()
  t.equal(sleepers.first?.due, 2)
})

t.test('the time for many sleepers does not grow with the square of their number', async t => {
  const few = await timeFor(1_000)
  const many = await timeFor(100_000)
  t.ok(many / few < 2000, `${(many / few).toFixed(0)} times the time`)
})

/** Milliseconds to add `count` sleepers, remove half of them and take the others; the best of three rounds. */
async function timeFor (count: number): Promise<number> {
  const times = [1, 2, 3].map(() => {
    const began = performance.now()
    const sleepers = new Sleepers()
    const removes = Array.from({ length: count }, (_, index) => sleepers.add({ due: index * 7919 % count, wake () {} }))
    for (let index = 0; index < count; index += 2) removes[index]!()
    while (sleepers.take() !== undefined) { /* until none is left */ }
    return performance.now() - began
  })
  return Math.min(...times)
}
