import t from 'tap'
import { InOrder } from '../../src/core/in-order.js'

t.test('work runs at once if no other work with its key is in progress', async t => {
  const inOrder = new InOrder()
  t.equal(inOrder.do('a', () => 1), 1)
  const slow = inOrder.do('a', async () => 2)
  t.equal(inOrder.do('b', () => 3), 3)
  t.equal(await slow, 2)
  t.equal(inOrder.do('a', () => 4), 4)
})

t.test('work with the same key runs in order of arrival, even after a failure', async t => {
  const inOrder = new InOrder()
  const done: number[] = []
  let go = () => {}
  const first = Promise.resolve(inOrder.do('a', () => new Promise<void>((_resolve, reject) => { go = () => reject(new Error('no')) })))
  const others = [1, 2].map(number => inOrder.do('a', () => { done.push(number) }))
  t.same(done, [])
  go()
  await t.rejects(first, { message: 'no' })
  await Promise.all(others)
  t.same(done, [1, 2])
})

t.test('work waits for the last of several before it', async t => {
  const inOrder = new InOrder()
  const goes: (() => void)[] = []
  const wait = () => new Promise<void>(resolve => { goes.push(resolve) })
  const [first, second] = [inOrder.do('a', wait), inOrder.do('a', wait)]
  goes[0]!()
  await first
  let isDone = false
  const third = inOrder.do('a', () => { isDone = true })
  t.notOk(isDone)
  goes[1]!()
  await Promise.all([second, third])
  t.ok(isDone)
})
