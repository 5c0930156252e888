import { existsSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Executor, Sink } from '../../src/executors/executor.js'
import { createFixtureExecutor } from '../../src/executors/fixture.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { execution, left, run, shellExecutor } from '../harness/execution.js'

const MANY = 20

/** The output of `scripts.printsMuch`. */
const LARGE_OUTPUT = 'azrun\n'.repeat(9_000_000 / 6)

/** A sink that records the bytes that it receives. */
function recordingSink (): Sink & { readonly pieces: Buffer[], text (): string } {
  const pieces: Buffer[] = []
  return {
    pieces,
    async write (bytes) { pieces.push(bytes) },
    text: () => Buffer.concat(pieces).toString()
  }
}

/** Scripts with the same result on every executor: the shell runs them, and fixtures match them. */
const scripts = {
  prints: 'echo out; echo err >&2',
  fails: 'echo before; exit 3',
  takesLong: 'sleep 60',
  writesByName: 'echo hi > /dev/stderr',
  copiesByName: 'echo hi | tee /dev/stderr',
  printsMuch: 'yes azrun | head -c 9000000; echo err >&2',
  counts: (number: number) => `echo ${number}`
}

const implementations: Record<string, (t: Test) => Executor> = {
  fixture: () => createFixtureExecutor({
    clock: new VirtualClock(),
    fixtures: [
      { name: 'prints', match: { script: scripts.prints }, result: { stdout: 'out\n', stderr: 'err\n' } },
      { name: 'fails', match: { script: scripts.fails }, result: { exitCode: 3, stdout: 'before\n' } },
      { name: 'takes long', match: { script: scripts.takesLong }, result: { durationMs: 60_000 } },
      { name: 'writes by name', match: { script: scripts.writesByName }, result: { stderr: 'hi\n' } },
      { name: 'copies by name', match: { script: scripts.copiesByName }, result: { stdout: 'hi\n', stderr: 'hi\n' } },
      { name: 'prints much', match: { script: scripts.printsMuch }, result: { stdout: LARGE_OUTPUT, stderr: 'err\n' } },
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
      const result = await run(executor, execution(scripts.prints))
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

    t.test('returns the same result for two concurrent runs of a script', async t => {
      const executor = create(t)
      const results = [1, 2].map(() => run(executor, execution(scripts.prints)))
      t.strictSame(await results[0], await results[1])
    })

    const skip = name !== 'fixture' && !existsSync('/bin/bash') && 'there is no bash'
    t.test('runs bash like sh', { skip }, async t => {
      const executor = create(t)
      t.strictSame(left(await run(executor, execution(scripts.fails, { interpreter: 'bash' }))),
        { exitCode: 3, stdout: 'before\n', stderr: '' })
    })

    t.test('writes the whole streams to the sinks, in pieces of at most 4 MiB', async t => {
      const sinks = { stdout: recordingSink(), stderr: recordingSink() }
      const result = await run(create(t), execution(scripts.printsMuch, { sinks }))
      t.equal(result.exitCode, 0)
      t.ok(LARGE_OUTPUT.endsWith(result.stdout))
      t.ok(sinks.stdout.text() === LARGE_OUTPUT)
      t.ok(sinks.stdout.pieces.every(piece => piece.length > 0 && piece.length <= 4 * 2 ** 20))
      t.equal(sinks.stderr.text(), 'err\n')
    })

    t.test('writes to a single sink, and writes nothing for an empty stream', async t => {
      const [stdout, stderr] = [recordingSink(), recordingSink()]
      await run(create(t), execution(scripts.prints, { sinks: { stderr } }))
      t.equal(stderr.text(), 'err\n')
      await run(create(t), execution(scripts.writesByName, { sinks: { stdout } }))
      t.same(stdout.pieces, [])
    })

    t.test('rejects with the error of a sink', async t => {
      const executor = create(t)
      const error = new Error('full')
      for (const write of [() => { throw error }, async () => { throw error }]) {
        const running = run(executor, execution(scripts.prints, { sinks: { stdout: { write } } }))
        t.equal(await running.catch(failure => failure), error)
      }
      t.match(await run(executor, execution(scripts.prints)), { stdout: 'out\n' })
    })

    t.test('rejects if the signal aborts during a write to a sink, and writes no more to it', async t => {
      const controller = new AbortController()
      let pieces = 0
      const write = async () => { pieces++; controller.abort(new Error('stop')) }
      const much = execution(scripts.printsMuch, { sinks: { stdout: { write } } })
      await t.rejects(run(create(t), much, controller.signal), { message: 'stop' })
      t.equal(pieces, 1)
    })

    t.test('rejects at once if the signal has already aborted', async t => {
      await t.rejects(run(create(t), execution(scripts.takesLong), AbortSignal.abort()))
    })

    for (const turns of [0, 1, 5, 50]) {
      t.test(`rejects when the signal aborts after ${turns} turns of the event loop`, async t => {
        const executor = create(t)
        const controller = new AbortController()
        const running = run(executor, execution(scripts.takesLong), controller.signal)
        const rejection = t.rejects(running)
        for (let turn = 0; turn < turns; turn++) await setImmediate()
        controller.abort()
        await rejection
      })
    }

    for (const turns of [0, 1, 5, 50]) {
      t.test(`ends a script without output when its time is up after ${turns} turns of the event loop`, async t => {
        const [timeUp, stdout] = [new AbortController(), recordingSink()]
        const running = run(create(t), execution(scripts.takesLong, { timeUp: timeUp.signal, sinks: { stdout } }))
        for (let turn = 0; turn < turns; turn++) await setImmediate()
        timeUp.abort()
        t.match(await running, { stdout: '', stderr: '' })
        t.equal(stdout.text(), '')
      })
    }

    t.test('returns at once if the time is already up', async t => {
      t.match(await run(create(t), execution(scripts.takesLong, { timeUp: AbortSignal.abort() })), { stdout: '' })
    })

    t.test('rejects when the signal aborts, whether or not the time is up', async t => {
      for (const isUp of [false, true]) {
        const [timeUp, controller] = [new AbortController(), new AbortController()]
        const running = run(create(t), execution(scripts.takesLong, { timeUp: timeUp.signal }), controller.signal)
        if (isUp) timeUp.abort()
        controller.abort(new Error('stop'))
        await t.rejects(running, { message: 'stop' })
      }
    })

    t.test('returns the result of a script that ends before its time is up', async t => {
      t.match(await run(create(t), execution(scripts.fails, { timeUp: new AbortController().signal })),
        { exitCode: 3, stdout: 'before\n' })
    })

    t.test('ignores a signal that aborts after the script has ended', async t => {
      const executor = create(t)
      const controller = new AbortController()
      await run(executor, execution(scripts.prints), controller.signal)
      controller.abort()
      t.match(await run(executor, execution(scripts.prints)), { stdout: 'out\n' })
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
      const other = run(executor, execution(scripts.prints))
      controller.abort()
      await cut
      t.match(await other, { exitCode: 0, stdout: 'out\n' })
    })
  })
}
