import t, { type Test } from 'tap'
import { systemClock, VirtualClock, type EmulatorOptions } from '../../src/index.js'
import { build, get, runCommand } from '../harness/emulator.js'

const START = '2024-03-01T00:00:00.000Z'

async function clockOf (t: Test, options: EmulatorOptions = {}) {
  const emulator = await build(t, { clock: 'virtual', ...options })
  const send = async (method: 'GET' | 'POST', body?: object) => {
    const response = await emulator.app.inject({ method, url: '/_emulator/clock', ...body && { payload: JSON.stringify(body) } })
    return { status: response.statusCode, body: response.json() }
  }
  return { emulator, read: () => send('GET'), move: (body: object) => send('POST', body) }
}

t.test('returns the time of a virtual clock and its next timer', async t => {
  const { emulator, read } = await clockOf(t, { delay: 5000 })
  t.strictSame(await read(), { status: 200, body: { mode: 'virtual', now: START } })
  await runCommand(emulator, { commandId: 'RunShellScript' })
  t.strictSame(await read(), { status: 200, body: { mode: 'virtual', now: START, next: '2024-03-01T00:00:05.000Z' } })
})

const moves = [
  [{ advance: 5400000 }, '2024-03-01T01:30:00.000Z'],
  [{ to: '2024-03-01T01:30:00Z' }, '2024-03-01T01:30:00.000Z'],
  [{ to: '2024-03-01T01:30:00.123456Z' }, '2024-03-01T01:30:00.123Z'],
  [{ until: 'next' }, '2024-03-01T00:00:05.000Z'],
  [{ until: 'idle' }, '2024-03-01T00:00:05.000Z']
] as const

for (const [move, now] of moves) {
  t.test(`${JSON.stringify(move)} responds after it has ended the operation`, async t => {
    const clock = await clockOf(t, { delay: 5000, pace: 'azure' })
    const { headers } = await runCommand(clock.emulator, { commandId: 'RunShellScript' })
    const poll = async () => (await get(clock.emulator, `${headers['azure-asyncoperation']}`)).json()
    t.match(await poll(), { status: 'InProgress' })
    t.strictSame(await clock.move(move), { status: 200, body: { mode: 'virtual', now } })
    t.match(await poll(), { status: 'Succeeded', endTime: /^2024-03-01T00:00:05\./ })
  })
}

t.test('until next moves to the first timer, and until idle to the last', async t => {
  for (const [until, now] of [['next', '2024-03-01T00:00:05.000Z'], ['idle', '2024-03-01T00:00:06.000Z']] as const) {
    const { emulator, move } = await clockOf(t, { delay: 5000 })
    await runCommand(emulator, { commandId: 'RunShellScript' })
    await move({ advance: 1000 })
    await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'other' })
    t.match(await move({ until }), { body: { now } }, until)
  }
})

t.test('the clock ends a held poll when its operation ends', async t => {
  const { emulator, move } = await clockOf(t, { delay: 5000 })
  const { headers } = await runCommand(emulator, { commandId: 'RunShellScript' })
  const poll = get(emulator, `${headers['azure-asyncoperation']}`)
  await move({ advance: 4999 })
  await move({ advance: 1 })
  t.match((await poll).json(), { status: 'Succeeded' })
})

const wrong = [
  [{ to: '2024-02-29T23:59:59Z' }, 'to', '\'to\' must not be "2024-02-29T23:59:59Z": a virtual clock moves only forward: it is at ' +
    '2024-03-01T00:00:00.000Z and cannot go back to 2024-02-29T23:59:59.000Z'],
  [{ to: '2024-13-01T00:00:00Z' }, 'to', '\'to\' must not be "2024-13-01T00:00:00Z": a virtual clock needs a valid date, not an invalid one'],
  [{ to: '2024-04-31T00:00:00Z' }, 'to', '\'to\' must not be "2024-04-31T00:00:00Z": a virtual clock needs a valid date, not an invalid one'],
  [{ to: 'tomorrow' }, 'to', '\'to\' must be a time in UTC such as 2024-03-01T01:30:00Z, not "tomorrow"'],
  [{ advance: -1 }, 'advance', "'advance' must be a whole number of milliseconds from 0 to 9007199254740991, not -1"],
  [{ advance: '90m' }, 'advance', "'advance' must be a whole number of milliseconds from 0 to 9007199254740991, not \"90m\""],
  [{ advance: Number.MAX_SAFE_INTEGER }, 'advance',
    "'advance' must not be 9007199254740991: a virtual clock ends at 9999-12-31T23:59:59.999Z: move it by less"],
  [{ until: 'later' }, 'until', '\'until\' must be one of next, idle, not "later"'],
  [{}, 'body', "'body' must have exactly one of advance, to and until, not {}"],
  [{ advance: 1, until: 'next' }, 'body', '\'body\' must have exactly one of advance, to and until, not {"advance":1,"until":"next"}']
] as const

for (const [move, target, message] of wrong) {
  t.test(`refuses ${JSON.stringify(move)}`, async t => {
    const clock = await clockOf(t)
    t.strictSame(await clock.move(move), { status: 400, body: { error: { code: 'BadRequest', message, target } } })
    t.match((await clock.read()).body, { now: START })
  })
}

for (const clock of ['system', systemClock] as const) {
  t.test(`refuses to move ${typeof clock === 'string' ? 'the system clock' : "a program's clock that is not virtual"}`, async t => {
    const { read, move } = await clockOf(t, { clock })
    t.match(await read(), { status: 200, body: { mode: 'system', now: /^20/, next: undefined } })
    t.strictSame(await move({ until: 'next' }), {
      status: 409,
      body: {
        error: {
          code: 'Conflict',
          message: 'only a virtual clock can be moved, and this azrun does not have one: start it with --clock virtual'
        }
      }
    })
  })
}

t.test('refuses until idle if something never stops sleeping', async t => {
  const clock = new class extends VirtualClock {
    override async untilIdle () { await super.untilIdle(10) }
  }()
  const { move } = await clockOf(t, { clock })
  const over = new AbortController()
  const again = async (): Promise<void> => await clock.sleep(1, over.signal).then(again)
  const sleeping = again()
  t.match(await move({ until: 'idle' }), { status: 409, body: { error: { code: 'Conflict', message: /something still waits/ } } })
  over.abort()
  await t.rejects(sleeping)
})

t.test("moves a program's virtual clock", async t => {
  const clock = new VirtualClock(new Date('2030-01-01T00:00:00Z'))
  const { move } = await clockOf(t, { clock })
  t.match(await move({ advance: 1000 }), { body: { mode: 'virtual', now: '2030-01-01T00:00:01.000Z' } })
  t.equal(clock.now().toISOString(), '2030-01-01T00:00:01.000Z')
})
