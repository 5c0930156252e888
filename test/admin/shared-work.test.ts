import t from 'tap'
import { SharedWork } from '../../src/admin/shared-work.js'

t.test('makes one value at a time, and one for all who call before it begins', async t => {
  const made: ((value: string) => void)[] = []
  const shared = new SharedWork(() => new Promise<string>(resolve => { made.push(resolve) }))
  const first = shared.get()
  await Promise.resolve()
  t.equal(made.length, 1)
  const others = [shared.get(), shared.get(), shared.get()]
  await Promise.resolve()
  t.equal(made.length, 1)
  made[0]!('first')
  t.equal(await first, 'first')
  await new Promise(resolve => setImmediate(resolve))
  const last = shared.get()
  made[1]!('second')
  t.strictSame(await Promise.all(others), ['second', 'second', 'second'])
  await new Promise(resolve => setImmediate(resolve))
  made[2]!('third')
  t.equal(await last, 'third')
})

t.test('a value that cannot be made fails for its callers, and not for later ones', async t => {
  let calls = 0
  const shared = new SharedWork(async () => {
    if (++calls === 1) throw new Error('no value')
    return calls
  })
  await t.rejects(Promise.all([shared.get(), shared.get()]), { message: 'no value' })
  t.equal(await shared.get(), 2)
})
