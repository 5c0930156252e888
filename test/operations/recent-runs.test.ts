import t from 'tap'
import { virtualMachineId } from '../../src/core/resource-id.js'
import { Scope } from '../../src/core/scope.js'
import { beginningOf, RecentRuns, type RecentRun } from '../../src/operations/recent-runs.js'
import { heapUsed } from '../harness/heap.js'

/** A run that its number identifies. */
function run (number: number): RecentRun {
  return { commandId: `command-${number}` } as RecentRun
}

function numbers (count: number): string[] {
  return Array.from({ length: count }, (_, index) => `command-${index + 1}`)
}

t.test('lists the newest run first', async t => {
  const runs = new RecentRuns()
  t.strictSame(runs.list(), [])
  for (const number of [1, 2, 3]) runs.add(run(number))
  t.strictSame(runs.list().map(({ commandId }) => commandId), numbers(3).reverse())
})

t.test('keeps the last 20 runs', async t => {
  for (const count of [20, 21, 39, 40, 41, 1000]) {
    const runs = new RecentRuns()
    for (let number = 1; number <= count; number++) runs.add(run(number))
    t.strictSame(runs.list().map(({ commandId }) => commandId), numbers(count).reverse().slice(0, 20), `${count}`)
  }
})

t.test('clear drops the runs in a scope and keeps the others', async t => {
  for (const count of [3, 20, 25]) {
    const runs = new RecentRuns()
    const on = (name: string) => ({ vmId: virtualMachineId('s', 'rg', name) })
    for (let number = 1; number <= count; number++) runs.add({ ...run(number), ...on(number % 2 === 0 ? 'even' : 'odd') })
    runs.clear(Scope.of({ subscriptionId: 's', resourceGroup: 'rg', vmName: 'EVEN' }))
    runs.add({ ...run(count + 1), ...on('odd') })
    const left = numbers(count).slice(-20).filter((_, index, all) => (count - all.length + index) % 2 === 0)
    t.strictSame(runs.list().map(({ commandId }) => commandId).reverse(), [...left, `command-${count + 1}`])
  }
})

t.test('the beginning of a script has at most 200 characters', async t => {
  t.equal(beginningOf([]), '')
  t.equal(beginningOf(['set -e', 'make']), 'set -e\nmake')
  t.equal(beginningOf(['ä'.repeat(1000), 'b']), 'ä'.repeat(200))
  t.equal(beginningOf(Array.from({ length: 1000 }, () => 'ab')), 'ab\n'.repeat(67).slice(0, 200))
})

t.test('the beginning of a script does not keep a whole request in memory', async t => {
  // V8 optimizes a function only after many calls.
  for (let count = 0; count < 100_000; count++) beginningOf(['echo hello to everybody'])
  let before = heapUsed()
  for (const length of [10, 100, 1000, 1_000_000]) {
    const kept = Array.from({ length: 20 }, () => beginningOf([Buffer.alloc(1_000_000, 'x').toString().slice(0, length)]))
    const after = heapUsed()
    t.ok(after - before < 4_000_000, `${length}`)
    t.equal(kept.length, 20)
    before = after
  }
})
