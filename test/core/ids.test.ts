import t from 'tap'
import { createIds } from '../../src/core/ids.js'
import { systemRandom } from '../../src/core/random.js'

t.test('ids are unique random UUIDs of version 4', async t => {
  const newId = createIds(systemRandom)
  const ids = Array.from({ length: 1000 }, newId)
  for (const id of ids) if (!/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(id)) t.fail(id)
  t.equal(new Set(ids).size, ids.length)
  t.equal(new Set([...ids, ...Array.from({ length: 1000 }, createIds(systemRandom))]).size, 2000)
})

t.test('every digit of an id takes every value that version 4 allows', async t => {
  const newId = createIds(systemRandom)
  const seen = Array.from({ length: 36 }, () => new Set<string>())
  for (let count = 0; count < 2000; count++) {
    for (const [place, digit] of [...newId()].entries()) seen[place]!.add(digit)
  }
  const sizes = [...'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'].map(digit => ({ x: 16, y: 4 })[digit] ?? 1)
  t.same(seen.map(({ size }) => size), sizes)
})
