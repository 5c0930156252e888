import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { VirtualClock } from '../../src/core/clock.js'
import type { Executor } from '../../src/executors/executor.js'
import { createFixtureExecutor } from '../../src/executors/fixture.js'
import { createShellExecutor } from '../../src/executors/shell.js'
import { execution, never } from '../execution.js'

const MANY = 20

/** Scripts that every executor answers alike: a real one runs them, the fixtures know them. */
const scripts = {
  speaks: 'echo out; echo err >&2',
  fails: 'echo before; exit 3',
  takesLong: 'sleep 60',
  counts: (number: number) => `echo ${number}`
}

const implementations: Record<string, (t: Test) => Executor> = {
  fixture: () => createFixtureExecutor({
    clock: new VirtualClock(),
    fixtures: [
      { name: 'speaks', match: { script: scripts.speaks }, result: { stdout: 'out\n', stderr: 'err\n' } },
      { name: 'fails', match: { script: scripts.fails }, result: { exitCode: 3, stdout: 'before\n' } },
      { name: 'takes long', match: { script: scripts.takesLong }, result: { durationMs: 60_000 } },
      ...Array.from({ length: MANY }, (_, i) =>
        ({ name: `counts ${i}`, match: { script: scripts.counts(i) }, result: { stdout: `${i}\n` } }))
    ]
  }),
  shell: () => createShellExecutor()
}

for (const [name, create] of Object.entries(implementations)) {
  t.test(name, async t => {
    t.test('answers with both streams and the exit code', async t => {
      const executor = create(t)
      const result = await executor.execute(execution(scripts.speaks), never())
      t.strictSame(result, { exitCode: 0, stdout: 'out\n', stderr: 'err\n' })
    })

    t.test('knows at once only what it would come to, and the same object for the same result', async t => {
      const executor = create(t)
      for (const script of [scripts.speaks, scripts.fails]) {
        const known = executor.answer?.(execution(script))
        if (known !== undefined) t.strictSame(known, await executor.execute(execution(script), never()))
        t.equal(executor.answer?.(execution(script)), known)
      }
      t.equal(executor.answer?.(execution(scripts.takesLong)), undefined)
    })

    t.test('answers a script that fails with a result', async t => {
      const executor = create(t)
      const result = await executor.execute(execution(scripts.fails), never())
      t.strictSame(result, { exitCode: 3, stdout: 'before\n', stderr: '' })
    })

    t.test('runs the same script again as if for the first time', async t => {
      const executor = create(t)
      const results = [1, 2].map(() => executor.execute(execution(scripts.speaks), never()))
      t.strictSame(await results[0], await results[1])
    })

    t.test('begins nothing when the signal has aborted', async t => {
      const executor = create(t)
      for (const script of [scripts.speaks, scripts.takesLong]) {
        await t.rejects(executor.execute(execution(script), AbortSignal.abort()))
      }
    })

    for (const turns of [0, 1, 5, 50]) {
      t.test(`ends and rejects when the signal aborts after ${turns} turns of the event loop`, async t => {
        const executor = create(t)
        const controller = new AbortController()
        const running = executor.execute(execution(scripts.takesLong), controller.signal)
        const rejected = t.rejects(running)
        for (let turn = 0; turn < turns; turn++) await setImmediate()
        controller.abort()
        await rejected
      })
    }

    t.test('takes no notice of a signal that aborts after the end', async t => {
      const executor = create(t)
      const controller = new AbortController()
      const running = executor.execute(execution(scripts.speaks), controller.signal)
      await running
      controller.abort()
      await t.resolves(running)
    })

    t.test('does not mix many at once', async t => {
      const executor = create(t)
      const numbers = Array.from({ length: MANY }, (_, i) => i)
      const results = await Promise.all(
        numbers.map(number => executor.execute(execution(scripts.counts(number)), never())))
      t.same(results.map(({ stdout }) => stdout), numbers.map(number => `${number}\n`))
    })

    t.test('goes on with the others when one is aborted', async t => {
      const executor = create(t)
      const controller = new AbortController()
      const cut = t.rejects(executor.execute(execution(scripts.takesLong), controller.signal))
      const other = executor.execute(execution(scripts.speaks), never())
      controller.abort()
      await cut
      t.match(await other, { exitCode: 0, stdout: 'out\n' })
    })

    t.test('can be closed, more than once, before and after it is used', async t => {
      const unused = create(t)
      await unused.close?.()
      const executor = create(t)
      await executor.execute(execution(scripts.speaks), never())
      await executor.close?.()
      await t.resolves(Promise.resolve(executor.close?.()))
    })
  })
}
