import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Emulator, EmulatorOptions } from '../../../src/index.js'
import type { OperationEffect } from '../../../src/scenarios/scenario.js'
import { MemoryStore } from '../../../src/stores/memory.js'
import { VirtualClock } from '../../../src/time/virtual-clock.js'
import { affect } from '../../harness/effects.js'
import { build, get, runCommand } from '../../harness/emulator.js'
import { remote } from '../../harness/remote-store.js'

const SHELL = { commandId: 'RunShellScript', script: ['echo hi'] }
const RUN = { operation: 'VirtualMachines_RunCommand' }
const START = new Date('2024-03-01T00:00:00Z')
const MINUTES = 60_000
const FIXTURES = { fixtures: [{ name: 'hi', result: { stdout: 'hi\n' } }] }
const OUTPUT = 'Enable succeeded: \n[stdout]\nhi\n\n[stderr]\n'

interface Started {
  readonly emulator: Emulator
  readonly clock: VirtualClock
  readonly accepted: Awaited<ReturnType<typeof runCommand>>
  status (): ReturnType<typeof get>
  result (): ReturnType<typeof get>
}

/** Starts a run command with this effect on its operation. */
async function start (t: Test, effect: OperationEffect, options: EmulatorOptions = {}): Promise<Started> {
  const clock = new VirtualClock(START)
  const emulator = await build(t, { clock, ...FIXTURES, ...options })
  await affect(emulator, RUN, { operation: effect })
  const accepted = await runCommand(emulator, SHELL)
  return {
    emulator,
    clock,
    accepted,
    status: async () => await get(emulator, `${accepted.headers['azure-asyncoperation']}`),
    result: async () => await get(emulator, `${accepted.headers['location']}`)
  }
}

t.test('an operation stays in progress for its duration', async t => {
  const { clock, status } = await start(t, { duration: 5000 }, { pace: 'azure' })
  await clock.advance(4999)
  t.equal((await status()).json().status, 'InProgress')
  await clock.advance(1)
  t.match((await status()).json(), { status: 'Succeeded', properties: { output: { value: [{ message: OUTPUT }] } } })
})

t.test("on a virtual clock, which can skip it, an operation has the duration of Azure's pace", async t => {
  const { clock, status } = await start(t, { duration: { azure: 5000, fast: 0 } }, { pace: 'fast' })
  let isHeld = true
  const poll = status().finally(() => { isHeld = false })
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  t.ok(isHeld)
  await clock.advance(5000)
  t.equal((await poll).json().status, 'Succeeded')
})

t.test('an operation with a duration beyond 90 minutes ends with a timeout after 90 minutes', async t => {
  const { clock, status, result } = await start(t, { duration: 100 * MINUTES }, { pace: 'azure' })
  await clock.advance(90 * MINUTES - 1)
  t.equal((await status()).json().status, 'InProgress')
  await clock.advance(1)
  const error = {
    code: 'VMExtensionProvisioningTimeout',
    message: "Provisioning of VM extension 'RunCommandLinux' has timed out. Extension installation may be taking too " +
      'long, or extension status could not be obtained.'
  }
  t.match((await status()).json(), { status: 'Failed', endTime: /^2024-03-01T01:30:00/, error })
  t.strictSame((await result()).json(), { error })
})

t.test('an operation with an outcome can last longer than 90 minutes', async t => {
  const slow = { fixtures: [{ name: 'slow', result: { durationMs: 95 * MINUTES, stdout: 'hi\n' } }] }
  const { clock, status } = await start(t, { duration: 100 * MINUTES, outcome: 'succeeded' }, { pace: 'azure', ...slow })
  await clock.advance(100 * MINUTES - 1)
  t.equal((await status()).json().status, 'InProgress')
  await clock.advance(1)
  t.match((await status()).json(), { status: 'Succeeded', properties: { output: { value: [{ message: OUTPUT }] } } })
})

t.test('an operation ends with its outcome, whatever the script does', async t => {
  const failing = { fixtures: [{ name: 'fails', error: { code: 'Code', message: 'text' } }] }
  const canceled = { code: 'OperationCanceled', message: 'The operation was canceled.' }
  const own = { code: 'VMAgentStatusCommunicationError', message: 'No word of the agent.' }
  for (const options of [FIXTURES, failing, { ...failing, delay: 1000 }]) {
    const run = async (outcome: NonNullable<OperationEffect['outcome']>) => {
      const { clock, status, result } = await start(t, { outcome }, { pace: 'azure', ...options })
      await clock.advance(1000)
      return { status: (await status()).json(), result: await result() }
    }
    const failed = await run(own)
    t.match(failed.status, { status: 'Failed', error: own })
    t.match(failed.result, { statusCode: 409 })
    t.strictSame(failed.result.json(), { error: own })
    const aborted = await run('canceled')
    t.match(aborted.status, { status: 'Canceled', error: canceled })
    t.strictSame(aborted.result.json(), { error: canceled })
    const succeeded = await run('succeeded')
    const message = options === FIXTURES ? OUTPUT : 'Enable succeeded: \n[stdout]\n\n[stderr]\n'
    t.match(succeeded.status, { status: 'Succeeded', properties: { output: { value: [{ message }] } } })
    t.match(succeeded.result.json(), { value: [{ message }] })
  }
})

t.test('an operation that close() cancels ends as Canceled, not with its outcome', async t => {
  const { emulator, status } = await start(t, { duration: 5000, outcome: 'succeeded' })
  const held = status()
  await emulator.close()
  t.match((await held).json(), { status: 'Canceled', error: { message: /stopped/ } })
})

for (const pace of ['fast', 'azure'] as const) {
  for (const store of [() => new MemoryStore(), () => remote(new MemoryStore())]) {
    t.test(`the first polls get InProgress after the script has ended, at pace ${pace}`, async t => {
      const { emulator, status, result } = await start(t, { polls: 3 }, { pace, store: store() })
      t.match((await status()).json(), { status: 'InProgress', endTime: undefined, properties: undefined })
      t.match(await result(), { statusCode: 202, headers: { location: /monitor=true/ } })
      t.equal((await runCommand(emulator, SHELL)).statusCode, 202, 'the machine is free')
      t.equal((await status()).json().status, 'InProgress')
      t.equal((await status()).json().status, 'Succeeded')
      t.match((await result()).json(), { value: [{ message: OUTPUT }] })
    })
  }
}

t.test('the first polls get InProgress at once while the script runs, and the next one is held', async t => {
  const { clock, status } = await start(t, { polls: 2, duration: 5000 }, { pace: 'fast' })
  t.equal((await status()).json().status, 'InProgress')
  t.equal((await status()).json().status, 'InProgress')
  const held = status()
  await clock.advance(5000)
  t.equal((await held).json().status, 'Succeeded')
})

t.test('noContent makes the result 204, and the status has no output', async t => {
  const { status, result } = await start(t, { noContent: true })
  const { body } = await status()
  t.equal(JSON.parse(body).status, 'Succeeded')
  t.notOk('properties' in JSON.parse(body))
  t.match(await result(), { statusCode: 204, body: '' })
})

t.test('the 202 has the URLs that `headers` selects', async t => {
  for (const [headers, location, asyncOperation] of [
    ['both', true, true], ['location', true, false], ['asyncOperation', false, true], ['none', false, false]
  ] as const) {
    const { accepted } = await start(t, { headers })
    t.equal(accepted.statusCode, 202)
    t.equal('location' in accepted.headers, location, headers)
    t.equal('azure-asyncoperation' in accepted.headers, asyncOperation, headers)
  }
})

t.test('the 202 and polls in progress have the Retry-After of the effect, and the last poll has none', async t => {
  for (const [retryAfter, expected] of [
    [17, '17'], [0, '0'], ['date', 'Fri, 01 Mar 2024 00:00:01 GMT'], ['absent', undefined], ['junk', 'soon']
  ] as const) {
    for (const pace of ['fast', 'azure'] as const) {
      const { accepted, status, result } = await start(t, { retryAfter, polls: 2 }, { pace })
      for (const { headers } of [accepted, await status(), await result()]) {
        t.equal(headers['retry-after'], expected, `${retryAfter}`)
        t.notOk('retry-after-ms' in headers)
      }
      t.notOk('retry-after' in (await status()).headers, 'the last poll has none')
    }
  }
})

t.test('a Retry-After with a date is at least a second ahead', async t => {
  const clock = new VirtualClock(new Date('2024-03-01T00:00:00.001Z'))
  const { accepted } = await start(t, { retryAfter: 'date' }, { clock })
  t.equal(accepted.headers['retry-after'], 'Fri, 01 Mar 2024 00:00:02 GMT')
})

t.test('an operation with expiresAfter gets 404 after this number of polls', async t => {
  const { status, result } = await start(t, { expiresAfter: 3, polls: 1 })
  t.equal((await status()).json().status, 'InProgress')
  t.equal((await status()).json().status, 'Succeeded')
  t.equal((await result()).statusCode, 200)
  for (const poll of [await status(), await result()]) {
    t.equal(poll.statusCode, 404)
    t.strictSame(poll.json(), { error: { code: 'NotFound', message: 'The entity was not found in this Azure location.' } })
  }
})

t.test('an action with an effect on its operation gets 202 even if the request waits for the result', async t => {
  const emulator = await build(t, { respond: 'immediate', ...FIXTURES })
  t.equal((await runCommand(emulator, SHELL)).statusCode, 200)
  await affect(emulator, RUN, { operation: { polls: 1 } })
  const response = await runCommand(emulator, SHELL, { headers: { prefer: 'wait=10' } })
  t.equal(response.statusCode, 202)
  t.notOk('preference-applied' in response.headers)
  t.equal((await get(emulator, `${response.headers['azure-asyncoperation']}`)).json().status, 'InProgress')
})

t.test('an action with answeredBy 200 waits for the end of its operation, and returns its result or error', async t => {
  const clock = new VirtualClock(START)
  const emulator = await build(t, { clock, ...FIXTURES })
  await affect(emulator, { ...RUN, vmName: 'vm' }, { operation: { answeredBy: 200, duration: 5000, polls: 3 } })
  await affect(emulator, { ...RUN, vmName: 'empty' }, { operation: { answeredBy: 200, noContent: true } })
  await affect(emulator, { ...RUN, vmName: 'failed' }, { operation: { answeredBy: 200, outcome: { code: 'Code', message: 'text' } } })
  const response = runCommand(emulator, SHELL)
  // Pending work ends first, so that the response is held.
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  await clock.advance(5000)
  t.match(await response, { statusCode: 200 })
  t.match((await response).json(), { value: [{ message: OUTPUT }] })
  t.match(await runCommand(emulator, SHELL, { vmName: 'empty' }), { statusCode: 204, body: '' })
  t.match(await runCommand(emulator, SHELL, { vmName: 'failed' }), { statusCode: 409 })
})

t.test('an operation without an effect is stored without a course', async t => {
  const store = new MemoryStore()
  const emulator = await build(t, { store })
  await runCommand(emulator, SHELL)
  const [operation] = await store.records('endedOperations').list('/')
  t.notOk('course' in operation!)
})

t.test('an operation is stored with the part of its course that polls need', async t => {
  const store = new MemoryStore()
  await start(t, { duration: 0, outcome: 'succeeded', answeredBy: 202, polls: 2, url: 'moves' }, { store })
  const [operation] = await store.records<{ course?: unknown }>('endedOperations').list('/')
  t.strictSame(operation!.course, { polls: 2, url: 'moves' })
})
