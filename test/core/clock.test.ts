import t from 'tap'
import { VirtualClock } from '../../src/core/clock.js'

t.test('a virtual clock stands still until it is advanced', async t => {
  const clock = new VirtualClock(new Date('2020-10-12T11:06:10Z'))
  t.equal(clock.now().toISOString(), '2020-10-12T11:06:10.000Z')
  await clock.advance(30_000)
  t.equal(clock.now().toISOString(), '2020-10-12T11:06:40.000Z')
})

t.test('every virtual clock starts at the same time', async t => {
  t.same(new VirtualClock().now(), new VirtualClock().now())
})

t.test('each sleep ends at its own time, however far the clock is advanced', async t => {
  const clock = new VirtualClock(new Date(0))
  const seen: number[] = []
  for (const ms of [30, 10, 20]) clock.sleep(ms).then(() => seen.push(clock.now().getTime()))
  await clock.advance(1000)
  t.same(seen, [10, 20, 30])
  t.equal(clock.now().getTime(), 1000)
})

t.test('sleeps that end at the same time end in the order in which they started', async t => {
  const clock = new VirtualClock()
  const woken: string[] = []
  for (const name of ['a', 'b', 'c']) clock.sleep(5).then(() => woken.push(name))
  await clock.advance(5)
  t.same(woken, ['a', 'b', 'c'])
})

t.test('a caller that sleeps again during an advance wakes within it, at the right time', async t => {
  const clock = new VirtualClock(new Date(0))
  const seen: number[] = []
  const sleeper = (async () => {
    for (let i = 0; i < 3; i++) {
      await clock.sleep(10)
      seen.push(clock.now().getTime())
    }
  })()
  await clock.advance(25)
  t.same(seen, [10, 20])
  await clock.advance(5)
  await sleeper
  t.same(seen, [10, 20, 30])
})

t.test('a sleep does not end one millisecond early', async t => {
  const clock = new VirtualClock()
  let awake = false
  clock.sleep(100).then(() => { awake = true })
  await clock.advance(99)
  t.notOk(awake)
  await clock.advance(1)
  t.ok(awake)
})

t.test('an aborted sleep rejects with the reason of the abort', async t => {
  const clock = new VirtualClock()
  const controller = new AbortController()
  const asleep = clock.sleep(10, controller.signal)
  controller.abort(new Error('because'))
  await t.rejects(asleep, { message: 'because' })
  await t.rejects(clock.sleep(10, controller.signal), { message: 'because' })
})

t.test('time does not go back if two callers advance it at once', async t => {
  const clock = new VirtualClock(new Date(0))
  const seen: number[] = []
  const watch = () => seen.push(clock.now().getTime())
  for (const ms of [10, 20, 90]) clock.sleep(ms).then(watch)
  await Promise.all([clock.advance(100).then(watch), clock.advance(50).then(watch)])
  t.same(seen, seen.toSorted((a, b) => a - b))
  t.equal(clock.now().getTime(), 100)
})

t.test('time does not go back for a sleep of negative length', async t => {
  const clock = new VirtualClock(new Date(0))
  await clock.advance(10)
  const woken = clock.sleep(-5).then(() => clock.now().getTime())
  await clock.advance(0)
  t.equal(await woken, 10)
})
