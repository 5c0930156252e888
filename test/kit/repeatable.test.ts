import t, { type Test } from 'tap'
import { send, start } from './start.js'

/** The journal of a run, as text. */
async function journalOf (t: Test, seed: number): Promise<string> {
  const azrun = await start(t, { seed, clock: 'virtual', delay: 30_000, pace: 'azure' })
  const worlds = [azrun.subscription(), azrun.subscription()]
  for (const world of worlds) {
    world.scenarios.add({ name: 'perhaps', chance: 0.5, do: [{ throttle: { retryAfter: 7 } }] })
    for (let vm = 0; vm < 8; vm++) {
      const { headers } = await send(azrun, 'df -h', { subscriptionId: world.id, vmName: `vm-${vm}`, prefer: 'respond-async' })
      const location = headers['azure-asyncoperation']
      if (location === undefined) continue
      const { pathname, search } = new URL(`${location}`)
      const poll = async () => await azrun.app.inject({ url: `${pathname}${search}`, headers: { authorization: 'Bearer any' } })
      await poll()
      await azrun.clock.advance('90m')
      await poll()
    }
  }
  return JSON.stringify(worlds.map(({ id, requests }) => [id, requests.list()]), undefined, 1)
}

t.test('the same seed gives the same journal, byte for byte, under the virtual clock', async t => {
  const first = await journalOf(t, 7)
  t.match(first, /"status": 429/)
  t.match(first, /"status": 202/)
  t.equal(await journalOf(t, 7), first)
  t.not(await journalOf(t, 8), first)
})
