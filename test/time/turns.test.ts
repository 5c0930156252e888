import t from 'tap'
import { inTurns, othersFirst } from '../../src/time/turns.js'

/** Works for longer than a turn. */
function work (): void {
  const end = performance.now() + 6
  while (performance.now() < end);
}

t.test('long work on many items keeps their order and lets other work go first again and again', async t => {
  const seen: string[] = []
  const worked = inTurns(['a', 'b', 'c'], item => {
    seen.push(item)
    work()
  })
  while (seen.at(-1) !== 'c') {
    seen.push('other')
    await othersFirst()
  }
  await worked
  t.same(seen, ['a', 'other', 'b', 'other', 'c'])
})

t.test('work stops at the next turn once its signal aborts', async t => {
  const abort = new AbortController()
  const reason = new Error('the client is gone')
  const seen: number[] = []
  const worked = inTurns([1, 2, 3, 4], item => {
    seen.push(item)
    work()
    if (item === 2) abort.abort(reason)
  }, abort.signal)
  await t.rejects(worked, reason)
  t.same(seen, [1, 2])
})
