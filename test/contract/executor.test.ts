import { existsSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { VirtualClock } from '../../src/core/virtual-clock.js'
import type { Executor, Sink } from '../../src/executors/executor.js'
import { createFixtureExecutor } from '../../src/executors/fixture.js'
import { execution, left, run, shellExecutor } from '../harness/execution.js'

const MANY = 20

/** What the script prints that speaks much. */
const MUCH = 'azrun\n'.repeat(9_000_000 / 6)

/** A sink that keeps what it gets. */
function keeping (): Sink & { readonly pieces: Buffer[], text (): string } {
  const pieces: Buffer[] = []
  return {
    pieces,
    async write (bytes) { pieces.push(bytes) },
    text: () => Buffer.concat(pieces).toString()
  }
}

/** Scripts with the same result on every executor: a real one runs them, the fixtures match them. */
const scripts = {
  speaks: 'echo out; echo err >&2',
  fails: 'echo before; exit 3',
  takesLong: 'sleep 60',
  writesByName: 'echo hi > /dev/stderr',
  copiesByName: 'echo hi | tee /dev/stderr',
  speaksMuch: 'yes azrun | head -c 9000000; echo err >&2',
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
      { name: 'speaks much', match: { script: scripts.speaksMuch }, result: { stdout: MUCH, stderr: 'err\n' } },
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

    const skip = name !== 'fixture' && !existsSync('/bin/bash') && 'there is no bash'
    t.test('runs bash as it runs sh', { skip }, async t => {
      const executor = create(t)
      t.strictSame(left(await run(executor, execution(scripts.fails, { interpreter: 'bash' }))),
        { exitCode: 3, stdout: 'before\n', stderr: '' })
    })

    t.test('gives the sinks the whole streams, in pieces of at most 4 MiB', async t => {
      const sinks = { stdout: keeping(), stderr: keeping() }
      const result = await run(create(t), execution(scripts.speaksMuch, { sinks }))
      t.equal(result.exitCode, 0)
      t.ok(MUCH.endsWith(result.stdout))
      t.ok(sinks.stdout.text() === MUCH)
      t.ok(sinks.stdout.pieces.every(piece => piece.length > 0 && piece.length <= 4 * 2 ** 20))
      t.equal(sinks.stderr.text(), 'err\n')
    })

    t.test('fills one sink alone, and writes nothing of an empty stream', async t => {
      const [stdout, stderr] = [keeping(), keeping()]
      await run(create(t), execution(scripts.speaks, { sinks: { stderr } }))
      t.equal(stderr.text(), 'err\n')
      await run(create(t), execution(scripts.writesByName, { sinks: { stdout } }))
      t.same(stdout.pieces, [])
    })

    t.test('a sink that fails ends the run with its error', async t => {
      const executor = create(t)
      const error = new Error('full')
      for (const write of [() => { throw error }, async () => { throw error }]) {
        const running = run(executor, execution(scripts.speaks, { sinks: { stdout: { write } } }))
        t.equal(await running.catch(failure => failure), error)
      }
      t.match(await run(executor, execution(scripts.speaks)), { stdout: 'out\n' })
    })

    t.test('an abort while a sink is filled rejects, and the sink gets no more', async t => {
      const controller = new AbortController()
      let pieces = 0
      const write = async () => { pieces++; controller.abort(new Error('stop')) }
      const much = execution(scripts.speaksMuch, { sinks: { stdout: { write } } })
      await t.rejects(run(create(t), much, controller.signal), { message: 'stop' })
      t.equal(pieces, 1)
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

    for (const turns of [0, 1, 5, 50]) {
      t.test(`ends a script whose time is up after ${turns} turns of the event loop, and fills the sinks`, async t => {
        const [timeUp, stdout] = [new AbortController(), keeping()]
        const running = run(create(t), execution(scripts.takesLong, { timeUp: timeUp.signal, sinks: { stdout } }))
        for (let turn = 0; turn < turns; turn++) await setImmediate()
        timeUp.abort()
        t.match(await running, { stdout: '', stderr: '' })
        t.equal(stdout.text(), '')
      })
    }

    t.test('does not start a long script whose time is up already', async t => {
      t.match(await run(create(t), execution(scripts.takesLong, { timeUp: AbortSignal.abort() })), { stdout: '' })
    })

    t.test('still rejects when the signal aborts, with time left or without', async t => {
      for (const isUp of [false, true]) {
        const [timeUp, controller] = [new AbortController(), new AbortController()]
        const running = run(create(t), execution(scripts.takesLong, { timeUp: timeUp.signal }), controller.signal)
        if (isUp) timeUp.abort()
        controller.abort(new Error('stop'))
        await t.rejects(running, { message: 'stop' })
      }
    })

    t.test('a script that ends in its time has its result', async t => {
      t.match(await run(create(t), execution(scripts.fails, { timeUp: new AbortController().signal })),
        { exitCode: 3, stdout: 'before\n' })
    })

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
