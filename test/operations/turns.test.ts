import { getEventListeners } from 'node:events'
import t from 'tap'
import { Turns, type Turn } from '../../src/operations/turns.js'
import { never } from '../harness/execution.js'

function create (max: number) {
  const waited: number[] = []
  const turns = new Turns({ max, onWait: waiting => waited.push(waiting) })
  return { turns, waited }
}

t.test('the first runs, up to the limit, get their turns at once, without a promise', async t => {
  const { turns, waited } = create(2)
  for (let count = 0; count < 2; count++) t.type((turns.take({ signal: never() }) as Turn).release, 'function')
  t.ok(turns.take({ signal: never() }) instanceof Promise)
  t.same(waited, [1])
})

t.test('waiting runs get their turns in order of arrival, and onWait is called for each', async t => {
  const { turns, waited } = create(1)
  const order: number[] = []
  const holders = [0, 1, 2, 3].map(async number => {
    const turn = await turns.take({ signal: never() })
    order.push(number)
    turn.release()
  })
  await Promise.all(holders)
  t.same(order, [0, 1, 2, 3])
  t.same(waited, [1, 2, 3])
  t.notOk(turns.take({ signal: never() }) instanceof Promise, 'all turns have been released')
})

t.test('a canceled run stops waiting at once, and the turn goes to the next', async t => {
  const { turns, waited } = create(1)
  const first = await turns.take({ signal: never() })
  const controller = new AbortController()
  const canceled = t.rejects(turns.take(controller) as Promise<Turn>, { message: 'reset' })
  const next = turns.take({ signal: never() })
  controller.abort(new Error('reset'))
  await canceled
  turns.take({ signal: never() })
  t.same(waited, [1, 2, 2])
  first.release()
  t.ok(await next)
})

t.test('a run that is already canceled does not wait', async t => {
  const { turns, waited } = create(1)
  turns.take({ signal: never() })
  await t.rejects(turns.take({ signal: AbortSignal.abort(new Error('reset')) }) as Promise<Turn>, { message: 'reset' })
  t.same(waited, [])
})

t.test('a turn leaves no listener on a signal that did not abort', async t => {
  const { turns } = create(1)
  const first = await turns.take({ signal: never() })
  const { signal } = new AbortController()
  const second = turns.take({ signal })
  first.release()
  await second
  t.same(getEventListeners(signal, 'abort'), [])
})
