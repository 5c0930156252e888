import t from 'tap'
import { build, SUBSCRIPTION } from '../harness/emulator.js'
import { ofCompute, poll, prepare, send, starting } from '../harness/starting.js'

const THROTTLED = { name: 'throttled', do: [{ throttle: {} }] }

/** The names of quotas in a response, without their figures. */
function quotasIn ({ headers }: { readonly headers: Readonly<Record<string, unknown>> }): string {
  return `${headers['x-ms-ratelimit-remaining-resource']}`.replaceAll(/;\d+/g, '')
}

t.test('every operation of Compute is throttled by the quotas that it uses up', async t => {
  const scaleSet = { subscriptionId: SUBSCRIPTION, resourceGroup: 'rg', name: 'ss' }
  for (const each of ofCompute) {
    const emulator = await build(t, { virtualMachineScaleSets: [scaleSet], virtualMachines: [{ ...scaleSet, name: 'vm' }] })
    await prepare(emulator, each)
    const served = quotasIn(await send(emulator, each))
    t.match(served, /^Microsoft\.Compute\//, each.operation)
    emulator.scenarios.put(THROTTLED)
    const refused = await send(emulator, each)
    t.equal(refused.statusCode, 429)
    t.equal(quotasIn(refused), served, each.operation)
  }
})

t.test('so is a poll', async t => {
  const emulator = await build(t)
  const response = await send(emulator, starting[0]!)
  const served = quotasIn(await poll(emulator, response))
  emulator.scenarios.put(THROTTLED)
  t.equal(quotasIn(await poll(emulator, response)), served)
})
