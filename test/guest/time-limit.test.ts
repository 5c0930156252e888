import t from 'tap'
import type { Execution, ExecutionResult, Sink } from '../../src/executors/executor.js'
import { executeInTime, type Execute } from '../../src/guest/time-limit.js'
import { systemClock } from '../../src/time/clock.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { execution, never } from '../harness/execution.js'
import { matchList } from '../harness/match-list.js'

const RESULT: ExecutionResult = { exitCode: 0, stdout: 'out', stderr: '' }

/** Rejects with the reason of the signal once that aborts. */
async function untilAborted (signal: AbortSignal): Promise<never> {
  return await new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

/** Executes with a timeout of 5 seconds and a short grace period. */
function start (execute: Execute, { signal = never(), sinks }: { signal?: AbortSignal } & Pick<Execution, 'sinks'> = {}) {
  const [clock, warnings] = [new VirtualClock(), [] as string[]]
  const log = { warn: (message: string) => { warnings.push(message) } }
  const limited = execution('', { ...sinks && { sinks } })
  const running = executeInTime(execute, limited, { signal }, { seconds: 5, clock, log, gracePeriod: 10 })
  return { clock, warnings, running: Promise.resolve(running) }
}

t.test('a synchronous result is returned at once', async t => {
  t.equal(executeInTime(() => RESULT, execution(''), { signal: never() },
    { seconds: 5, clock: new VirtualClock(), log: { warn () {} } }), RESULT)
})

t.test('a script that ends in time returns its result or error', async t => {
  t.equal(await start(async () => RESULT).running, RESULT)
  await t.rejects(start(async () => { throw new Error('no') }).running, { message: 'no' })
})

t.test('the signal of an executor that ignores the timeout aborts after the grace period', async t => {
  let reason: unknown
  const { clock, running, warnings } = start(async (_, { signal }) => {
    signal.addEventListener('abort', () => { reason = signal.reason })
    return await untilAborted(signal)
  })
  await clock.advance(5000)
  t.same(await running, { isTimedOut: true })
  t.match(reason, { message: 'The script has timed out.' })
  matchList(t, warnings, [/^a script is still running 10 ms after it timed out/])
})

t.test('an executor that rejects at the timeout has timed out, without a warning', async t => {
  const { clock, running, warnings } = start(async ({ timeUp }) => await untilAborted(timeUp!))
  await clock.advance(5000)
  t.same(await running, { isTimedOut: true })
  t.same(warnings, [])
})

t.test('a cancellation applies before and after the timeout, and before the script starts', async t => {
  for (const when of ['at once', 'before', 'after']) {
    const controller = new AbortController()
    const reason = new Error('canceled')
    if (when === 'at once') controller.abort(reason)
    const { clock, running } = start(async (_, { signal }) => {
      signal.throwIfAborted()
      return await untilAborted(signal)
    }, controller)
    const rejected = t.rejects(running, reason)
    if (when === 'after') await clock.advance(5000)
    controller.abort(reason)
    await rejected
  }
})

t.test('writing to sinks may take longer than the grace period', async t => {
  const written: string[] = []
  // Twice the grace period.
  const stdout: Sink = { async write (bytes) { await systemClock.sleep(20); written.push(`${bytes}`) } }
  const { clock, running, warnings } = start(async ({ timeUp, sinks }) => {
    await untilAborted(timeUp!).catch(() => {})
    await sinks!.stdout!.write(Buffer.from('out'))
    return RESULT
  }, { sinks: { stdout } })
  await clock.advance(5000)
  t.same(await running, { isTimedOut: true, result: RESULT })
  t.same([written, warnings], [['out'], []])
})

t.test("a timeout longer than Node's timers can wait does not end the script at once", async t => {
  // A timer that is too long fires after a millisecond.
  const execute: Execute = async ({ timeUp }) =>
    await Promise.race([untilAborted(timeUp!), systemClock.sleep(20).then(() => RESULT)])
  const limit = { seconds: 2 ** 31, clock: systemClock, log: { warn () {} } }
  t.equal(await executeInTime(execute, execution(''), { signal: never() }, limit), RESULT)
})
