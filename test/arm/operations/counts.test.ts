import t from 'tap'
import { Counts } from '../../../src/arm/operations/counts.js'

t.test('counts each key separately from 1, and starts over after a reset', async t => {
  const counts = new Counts()
  t.equal(counts.get('a'), 0)
  t.strictSame([counts.next('a'), counts.next('a'), counts.next('b')], [1, 2, 1])
  t.equal(counts.get('a'), 2)
  counts.reset('a')
  t.equal(counts.get('a'), 0)
  t.equal(counts.next('a'), 1)
})

t.test('drops the oldest key when there are more than 10,000', async t => {
  const counts = new Counts()
  for (let key = 0; key < 10_001; key++) counts.next(`${key}`)
  t.equal(counts.get('0'), 0)
  t.equal(counts.get('1'), 1)
  t.equal(counts.get('10000'), 1)
})
