import fc from 'fast-check'
import t from 'tap'
import { Sleepers } from '../../src/time/sleepers.js'
import { cpuFor } from '../harness/cpu.js'

t.test('sleepers leave in order of due time and then arrival, even if others were removed', async t => {
  const anySleepers = fc.array(fc.record({ due: fc.nat(20), isRemoved: fc.boolean() }))
  t.doesNotThrow(() => fc.assert(fc.property(anySleepers, given => {
    const sleepers = new Sleepers()
    const woken: number[] = []
    const removes = given.map(({ due }, index) => sleepers.add({ due, wake: () => woken.push(index) }))
    for (const [index, { isRemoved }] of given.entries()) if (isRemoved) removes[index]!()
    for (let sleeper = sleepers.take(); sleeper !== undefined; sleeper = sleepers.take()) sleeper.wake()
    const expected = given.map(({ due, isRemoved }, index) => ({ due, isRemoved, index }))
      .filter(({ isRemoved }) => !isRemoved).toSorted((a, b) => a.due - b.due || a.index - b.index)
    return JSON.stringify(woken) === JSON.stringify(expected.map(({ index }) => index))
  })))
})

t.test('a sleeper that takes the place of a removed one may be due before those above that place', async t => {
  const sleepers = new Sleepers()
  const removes = [3, 9, 1, 9, 7, 6, 1].map(due => sleepers.add({ due, wake () {} }))
  removes[3]!()
  t.strictSame(Array.from({ length: 6 }, () => sleepers.take()?.due), [1, 1, 3, 6, 7, 9])
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
  addAndTake(100_000)
  const few = await cpuFor(() => { for (let round = 0; round < 100; round++) addAndTake(1_000) })
  const many = await cpuFor(() => addAndTake(100_000))
  t.ok(many / few < 50, `${(many / few).toFixed(1)} times the CPU time of as many sleepers in groups of 1,000`)
})

/** Adds `count` sleepers, removes half of them and takes the others. */
function addAndTake (count: number): void {
  const sleepers = new Sleepers()
  const removes = Array.from({ length: count }, (_, index) => sleepers.add({ due: index * 7919 % count, wake () {} }))
  for (let index = 0; index < count; index += 2) removes[index]!()
  while (sleepers.take() !== undefined) { /* until none is left */ }
}
