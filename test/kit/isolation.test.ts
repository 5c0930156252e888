import t from 'tap'
import { NotVerified, type TestEmulator } from '../../src/kit/index.js'
import { send, start } from './start.js'

const TESTS = 1000

/** One of many tests, with its scenarios, requests and expectations. Returns what is wrong. */
async function oneTest (azrun: TestEmulator, index: number): Promise<string[]> {
  const world = azrun.subscription()
  const faults: string[] = []
  const expect = (what: string, found: unknown, wanted: unknown) => {
    if (found !== wanted) faults.push(`test ${index}: ${what} is ${found}, not ${wanted}`)
  }
  const refused = index % 3
  const stdout = `only test ${index}`
  world.scenarios.add({ name: 'output', match: { vmName: 'vm' }, do: [{ guest: { stdout } }] })
  if (refused > 0) {
    world.scenarios.add({ name: 'busy', match: { script: 'uptime' }, calls: `1-${refused}`, do: [{ error: { code: 'Conflict' } }] })
  }
  const all = world.requests.waitFor({ script: 'uptime' }, { count: refused + 1, timeout: 120_000 })
  for (let call = 1; call <= refused + 1; call++) {
    const { statusCode, body } = await send(azrun, 'uptime', { subscriptionId: world.id })
    expect(`status ${call}`, statusCode, call <= refused ? 409 : 200)
    expect(`output ${call}`, body.includes(`[stdout]\\n${stdout}\\n`), call > refused)
  }
  expect('the number of requests waited for', (await all).length, refused + 1)
  await world.verify([{ match: { script: 'uptime' }, times: `${refused + 1}` }, { match: { script: 'df*' }, times: '0' }])
  const failed = await world.verify([{ match: { script: 'df -h' } }]).catch((error: unknown) => error)
  expect('the failure', failed instanceof NotVerified, true)
  const sequences = world.requests.list().map(({ sequence }) => sequence)
  expect('the journal', sequences.length, refused + 1)
  for (const { sequence } of (failed as NotVerified).failures[0]!.nearest) expect('the nearest', sequences.includes(sequence), true)
  expect('the scenarios', world.scenarios.list().map(({ matched }) => matched).join(), refused > 0 ? `${refused + 1},${refused + 1}` : '1')
  if (index % 2 === 0) return faults
  const { requests, scenarios } = await world.reset()
  expect('the result of the reset', `${requests} ${scenarios}`, `${refused + 1} ${refused > 0 ? 2 : 1}`)
  return faults
}

t.test('a thousand concurrent tests with one emulator do not affect each other', async t => {
  const azrun = await start(t)
  const faults = await Promise.all(Array.from({ length: TESTS }, (_, index) => oneTest(azrun, index)))
  t.strictSame(faults.flat(), [])
  t.equal(azrun.journal.evicted, 0)
})
