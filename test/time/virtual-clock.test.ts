import t from 'tap'
import { VirtualClock } from '../../src/time/virtual-clock.js'

t.test('a virtual clock stands still until it is advanced', async t => {
  const clock = new VirtualClock(new Date('2020-10-12T11:06:10Z'))
  t.equal(clock.now().toISOString(), '2020-10-12T11:06:10.000Z')
  await clock.advance(30_000)
  t.equal(clock.now().toISOString(), '2020-10-12T11:06:40.000Z')
})

t.test('a sleep of no time ends although nobody moves the clock', async t => {
  const clock = new VirtualClock()
  await Promise.all([0, -1, NaN].map(async ms => await clock.sleep(ms)))
  t.equal(clock.next(), undefined)
})

t.test('moving until nothing waits stops before the end of time', async t => {
  const clock = new VirtualClock(new Date('9999-12-31T23:59:59Z'))
  clock.sleep(500).catch(() => {})
  clock.sleep(1000).catch(() => {})
  await t.rejects(clock.untilIdle(), { name: 'RangeError', message: 'a virtual clock ends at 9999-12-31T23:59:59.999Z: move it by less' })
  t.equal(clock.now().toISOString(), '9999-12-31T23:59:59.500Z')
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

t.test('concurrent advances run one after the other', async t => {
  const clock = new VirtualClock(new Date(0))
  const seen: number[] = []
  const watch = () => seen.push(clock.now().getTime())
  for (const ms of [10, 120, 90]) clock.sleep(ms).then(watch)
  await Promise.all([clock.advance(100).then(watch), clock.advance(50).then(watch)])
  t.same(seen, [10, 90, 100, 120, 150])
})

t.test('an advance wakes a sleeper that falls asleep in the same turn of the event loop', async t => {
  const clock = new VirtualClock(new Date(0))
  const beginning = async () => {
    for (let step = 0; step < 10; step++) await undefined
    await clock.sleep(5)
    return clock.now().getTime()
  }
  const [woken] = await Promise.all([beginning(), clock.advance(10)])
  t.equal(woken, 5)
})

t.test('a refused advance does not stop the next one', async t => {
  const clock = new VirtualClock(new Date(0))
  const refused = clock.advanceTo(new Date(-1))
  await Promise.all([t.rejects(refused), clock.advance(5)])
  t.equal(clock.now().getTime(), 5)
})

t.test('time does not go back for a sleep of negative length', async t => {
  const clock = new VirtualClock(new Date(0))
  await clock.advance(10)
  const woken = clock.sleep(-5).then(() => clock.now().getTime())
  await clock.advance(0)
  t.equal(await woken, 10)
})

t.test('the work of a woken sleeper runs before the next one wakes, even if both are due at the same time', async t => {
  const clock = new VirtualClock()
  const seen: string[] = []
  for (const name of ['a', 'b']) {
    clock.sleep(5).then(async () => {
      for (const step of [1, 2, 3]) seen.push(await Promise.resolve(`${name}${step}`))
    })
  }
  await clock.advance(5)
  t.same(seen, ['a1', 'a2', 'a3', 'b1', 'b2', 'b3'])
})

t.test('next returns when the first sleeper is due, or undefined', async t => {
  const clock = new VirtualClock(new Date(0))
  t.equal(clock.next(), undefined)
  const controller = new AbortController()
  const aborted = clock.sleep(10, controller.signal)
  clock.sleep(20)
  t.equal(clock.next()?.getTime(), 10)
  controller.abort()
  await t.rejects(aborted)
  t.equal(clock.next()?.getTime(), 20)
  await clock.advance(20)
  t.equal(clock.next(), undefined)
})

const durations = { 500: 500, '500ms': 500, '90m': 5_400_000, '1h30m': 5_400_000, '1d2h3m4s5ms': 93_784_005, '0s': 0, 0: 0 }

for (const [duration, ms] of Object.entries(durations)) {
  t.test(`advances by ${duration}`, async t => {
    const clock = new VirtualClock(new Date(0))
    await clock.advance(/^\d+$/.test(duration) ? Number(duration) : duration)
    t.equal(clock.now().getTime(), ms)
  })
}

for (const [duration, shown] of [[-1, '-1'], [NaN, 'NaN'], ['', "''"], ['90', "'90'"], ['90min', "'90min'"], ['30m1h', "'30m1h'"], ['-5s', "'-5s'"]] as const) {
  t.test(`does not advance by ${shown}`, async t => {
    const clock = new VirtualClock(new Date(0))
    await t.rejects(clock.advance(duration), new RangeError('a virtual clock advances by 0 or more milliseconds, or by a ' +
      `duration such as '90m', '1h30m' or '500ms', not ${shown}`))
    t.equal(clock.now().getTime(), 0)
  })
}

t.test('advances to a time, and wakes the sleepers that are due by then', async t => {
  const clock = new VirtualClock(new Date(0))
  const seen: number[] = []
  for (const ms of [5, 6, 7]) clock.sleep(ms).then(() => seen.push(clock.now().getTime()))
  await clock.advanceTo(new Date(6))
  t.same(seen, [5, 6])
})

t.test('moves neither back nor beyond the last year that HTTP can express', async t => {
  const clock = new VirtualClock()
  await t.rejects(clock.advanceTo(new Date('2024-02-29T00:00:00Z')), new RangeError('a virtual clock moves only forward: it is ' +
    'at 2024-03-01T00:00:00.000Z and cannot go back to 2024-02-29T00:00:00.000Z'))
  await t.rejects(clock.advance(Number.MAX_SAFE_INTEGER), new RangeError('a virtual clock ends at 9999-12-31T23:59:59.999Z: move it by less'))
  const invalid = new RangeError('a virtual clock needs a valid date, not an invalid one')
  await t.rejects(clock.advanceTo(new Date(NaN)), invalid)
  t.throws(() => new VirtualClock(new Date('yesterday')), invalid)
  const text = '2024-03-02T00:00:00Z' as unknown as Date
  const noDate = new RangeError("a virtual clock needs a Date, such as new Date('2024-03-02T00:00:00Z')")
  await t.rejects(clock.advanceTo(text), noDate)
  t.throws(() => new VirtualClock(text), noDate)
  t.equal(clock.now().toISOString(), '2024-03-01T00:00:00.000Z')
})

t.test('may advance to the last millisecond of the year 9999, but not further', async t => {
  const clock = new VirtualClock()
  const last = new Date('9999-12-31T23:59:59.999Z')
  await clock.advanceTo(last)
  t.same(clock.now(), last)
  await t.rejects(clock.advance(1), RangeError)
})

t.test('untilNext advances to the next due time and wakes all sleepers that are due then', async t => {
  const clock = new VirtualClock(new Date(0))
  const seen: string[] = []
  for (const [name, ms] of [['a', 5], ['b', 5], ['c', 6]] as const) clock.sleep(ms).then(() => seen.push(name))
  await clock.untilNext()
  t.same(seen, ['a', 'b'])
  t.equal(clock.now().getTime(), 5)
  await clock.untilNext()
  await clock.untilNext()
  t.equal(clock.now().getTime(), 6)
})

t.test('untilIdle advances until nothing sleeps, including sleepers that sleep again', async t => {
  const clock = new VirtualClock(new Date(0))
  const seen: number[] = []
  clock.sleep(5).then(() => clock.sleep(5)).then(() => clock.sleep(5)).then(() => seen.push(clock.now().getTime()))
  await clock.untilIdle()
  t.same(seen, [15])
  t.equal(clock.now().getTime(), 15)
})

t.test('untilIdle gives up on a caller that sleeps again and again', async t => {
  const clock = new VirtualClock(new Date(0))
  const over = new AbortController()
  const again = async (): Promise<void> => await clock.sleep(1, over.signal).then(again)
  const sleeping = again()
  await t.rejects(clock.untilIdle(1000), {
    name: 'NeverIdle',
    message: 'the virtual clock woke 1,000 sleepers and something still waits: something seems to sleep again whenever it ' +
      'is woken; the clock is now at 1970-01-01T00:00:01.000Z: move it by a duration instead'
  })
  over.abort(new Error('over'))
  await t.rejects(sleeping, { message: 'over' })
  await clock.untilIdle()
})
