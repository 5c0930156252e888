import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { VirtualClock } from '../../src/core/virtual-clock.js'
import type { Executor } from '../../src/executors/executor.js'
import { createFixtureExecutor } from '../../src/executors/fixture.js'
import { execution, left, run, shellExecutor } from '../harness/execution.js'

const MANY = 20

/** Scripts with the same result on every executor: a real one runs them, the fixtures match them. */
const scripts = {
  speaks: 'echo out; echo err >&2',
  fails: 'echo before; exit 3',
  takesLong: 'sleep 60',
  writesByName: 'echo hi > /dev/stderr',
  copiesByName: 'echo hi | tee /dev/stderr',
  counts: (number: number) => `echo ${number}`
}

const implementations: Record<string, (t: Test) => Executor> = {
  fixture: () => createFixtureExecutor({
    clock: new VirtualClock(),
    fixtures: [
      { name: 'speaks', match: { script: scripts.speaks }, result: { stdout: 'out\n', stderr: 'err\n' } },
      { name: 'fails', match: { script: scripts.fails }, result: { exitCode: 3, stdout: 'before\n' } },
      { name: 'takes long', match: { script: scripts.takesLong }, result: { durationMs: 60_000 } },
      { name: 'writes by name', match: { script: scripts.writesByName }, result: { stderr: 'hi\n' } },
      { name: 'copies by name', match: { script: scripts.copiesByName }, result: { stdout: 'hi\n', stderr: 'hi\n' } },
      ...Array.from({ length: MANY }, (_, i) =>
        ({ name: `counts ${i}`, match: { script: scripts.counts(i) }, result: { stdout: `${i}\n` } }))
    ]
  }),
  shell: t => shellExecutor(t)
}

for (const [name, create] of Object.entries(implementations)) {
  t.test(name, async t => {
    t.test('returns both streams and the exit code', async t => {
      const executor = create(t)
      const result = await run(executor, execution(scripts.speaks))
      t.strictSame(left(result), { exitCode: 0, stdout: 'out\n', stderr: 'err\n' })
    })

    t.test('returns a result for a script that fails', async t => {
      const executor = create(t)
      const result = await run(executor, execution(scripts.fails))
      t.strictSame(left(result), { exitCode: 3, stdout: 'before\n', stderr: '' })
    })

    t.test('lets a script open its streams by name', async t => {
      const executor = create(t)
      t.strictSame(left(await run(executor, execution(scripts.writesByName))),
        { exitCode: 0, stdout: '', stderr: 'hi\n' })
      t.strictSame(left(await run(executor, execution(scripts.copiesByName))),
        { exitCode: 0, stdout: 'hi\n', stderr: 'hi\n' })
    })

    t.test('returns the same result if the same script runs twice', async t => {
      const executor = create(t)
      const results = [1, 2].map(() => run(executor, execution(scripts.speaks)))
      t.strictSame(await results[0], await results[1])
    })

    t.test('does not start a long script if the signal has already aborted', async t => {
      await t.rejects(run(create(t), execution(scripts.takesLong), AbortSignal.abort()))
    })

    for (const turns of [0, 1, 5, 50]) {
      t.test(`stops and rejects when the signal aborts after ${turns} turns of the event loop`, async t => {
        const executor = create(t)
        const controller = new AbortController()
        const running = run(executor, execution(scripts.takesLong), controller.signal)
        const rejected = t.rejects(running)
        for (let turn = 0; turn < turns; turn++) await setImmediate()
        controller.abort()
        await rejected
      })
    }

    t.test('ignores a signal that aborts after the script has ended', async t => {
      const executor = create(t)
      const controller = new AbortController()
      await run(executor, execution(scripts.speaks), controller.signal)
      controller.abort()
      t.match(await run(executor, execution(scripts.speaks)), { stdout: 'out\n' })
    })

    t.test('does not mix the results of concurrent scripts', async t => {
      const executor = create(t)
      const numbers = Array.from({ length: MANY }, (_, i) => i)
      const results = await Promise.all(
        numbers.map(number => run(executor, execution(scripts.counts(number)))))
      t.same(results.map(({ stdout }) => stdout), numbers.map(number => `${number}\n`))
    })

    t.test('continues the other scripts when one is aborted', async t => {
      const executor = create(t)
      const controller = new AbortController()
      const cut = t.rejects(run(executor, execution(scripts.takesLong), controller.signal))
      const other = run(executor, execution(scripts.speaks))
      controller.abort()
      await cut
      t.match(await other, { exitCode: 0, stdout: 'out\n' })
    })
  })
}
