import { getEventListeners } from 'node:events'
import t from 'tap'
import { systemClock, type Clock } from '../../src/time/clock.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'

interface Subject {
  readonly clock: Clock
  /** Advances the clock by this time. Does nothing for a clock that runs by itself. */
  pass (ms: number): Promise<void>
}

const implementations: Record<string, () => Subject> = {
  systemClock: () => ({ clock: systemClock, pass: async () => {} }),
  VirtualClock: () => {
    const clock = new VirtualClock()
    return { clock, pass: ms => clock.advance(ms) }
  }
}

const HOUR = 3_600_000

for (const [name, create] of Object.entries(implementations)) {
  t.test(name, async t => {
    t.test('returns a new date each time', async t => {
      const { clock } = create()
      const first = clock.now()
      const before = first.getTime()
      first.setTime(0)
      t.ok(clock.now().getTime() >= before)
    })

    t.test('sleeps for the given time', async t => {
      const { clock, pass } = create()
      const before = clock.now().getTime()
      await Promise.all([clock.sleep(2), pass(2)])
      // A system timer can fire a millisecond early by the date.
      t.ok(clock.now().getTime() - before >= 1)
    })

    t.test('wakes sleepers in the order of their due times', async t => {
      const { clock, pass } = create()
      const woken: number[] = []
      // Far apart, because Node may pause between the calls.
      const sleepers = [150, 50, 100].map(ms => clock.sleep(ms).then(() => woken.push(ms)))
      await Promise.all([...sleepers, pass(150)])
      t.same(woken, [50, 100, 150])
    })

    t.test('wakes sleepers with the same due time in the order of their calls', async t => {
      const { clock, pass } = create()
      const woken: string[] = []
      const sleepers = ['a', 'b', 'c'].map(each => clock.sleep(2).then(() => woken.push(each)))
      await Promise.all([...sleepers, pass(2)])
      t.same(woken, ['a', 'b', 'c'])
    })

    t.test('sleeps for zero or negative milliseconds without advancing', async t => {
      const { clock } = create()
      await t.resolves(Promise.all([clock.sleep(0), clock.sleep(-5)]))
    })

    t.test('rejects at once if the signal has already aborted', async t => {
      const { clock } = create()
      await t.rejects(clock.sleep(HOUR, AbortSignal.abort()))
    })

    t.test('rejects as soon as the signal aborts', async t => {
      const { clock } = create()
      const controller = new AbortController()
      const asleep = clock.sleep(HOUR, controller.signal)
      controller.abort()
      await t.rejects(asleep)
    })

    t.test('rejects with the reason of the signal, and leaves no timer', async t => {
      const { clock } = create()
      const timers = () => process.getActiveResourcesInfo().filter(each => each === 'Timeout').length
      const before = timers()
      const controller = new AbortController()
      const asleep = clock.sleep(HOUR, controller.signal)
      controller.abort('a reason')
      t.equal(timers(), before)
      const sleeps = [asleep, clock.sleep(HOUR, controller.signal)]
      const reasons = await Promise.all(sleeps.map(sleep => sleep.catch((reason: unknown) => reason)))
      t.strictSame(reasons, ['a reason', 'a reason'])
    })

    t.test('wakes only the sleeper whose signal aborts', async t => {
      const { clock, pass } = create()
      const controller = new AbortController()
      const cut = clock.sleep(10, controller.signal)
      const other = clock.sleep(10, new AbortController().signal)
      controller.abort()
      await t.rejects(cut)
      await t.resolves(Promise.all([other, pass(10)]))
    })

    t.test('leaves no listener on a signal that did not abort', async t => {
      const { clock, pass } = create()
      const { signal } = new AbortController()
      await Promise.all([clock.sleep(1, signal), pass(1)])
      t.strictSame(getEventListeners(signal, 'abort'), [])
    })
  })
}
