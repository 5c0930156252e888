import t from 'tap'
import { assertReceived, matchers, type TestSubscription } from '../../src/kit/index.js'
import { send, start } from './start.js'

const NEAR = `expected 2 requests with script 'df*/', found 0. The nearest is #1: script: sent 'df -h', expected 'df*/'.

- Expected
+ Sent in #1

- script: df*/
+ script: df -h`

t.test('the matcher and the assertion show what the nearest request sent instead', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  await send(azrun, 'df -h', { subscriptionId: world.id })
  const { pass, message, actual, expected } = await matchers.toHaveReceived(world, { script: 'df*/' }, { times: '2' })
  t.equal(pass, false)
  t.equal(message(), NEAR)
  t.strictSame({ actual, expected }, { actual: { script: 'df -h' }, expected: { script: 'df*/' } })
  await t.rejects(assertReceived(world, { script: 'df*/' }, { times: '2' }),
    { code: 'ERR_ASSERTION', message: NEAR, actual, expected, operator: 'assertReceived' })
  await assertReceived(world, { script: 'df*' }, { times: '1' })
})

t.test('the message shows the difference of every kind of member', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  await send(azrun, 'df -h', { subscriptionId: world.id, vmName: 'db-1' })
  const match = {
    method: 'GET',
    path: '*/deallocate',
    vmName: 'web',
    commandId: 'RunPowerShellScript',
    parameters: { name: 'Ada' },
    header: { Prefer: 'respond-async' }
  }
  const { message } = await matchers.toHaveReceived(world, match)
  const [, ...lines] = message().split('\n\n').at(-1)!.replaceAll(world.id, 'ID').split('\n')
  t.strictSame(['- vmName: web', ...lines], [
    '- vmName: web', '+ vmName: db-1',
    '- commandId: RunPowerShellScript', '+ commandId: RunShellScript',
    '- method: GET', '+ method: POST',
    '- path: */deallocate',
    '+ path: /subscriptions/ID/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/db-1/runCommand',
    '- parameters.name: Ada', '+ parameters.name: (nothing)',
    '- header.Prefer: respond-async', '+ header.Prefer: wait=600'
  ])
})

t.test('the message shows the difference of a parameter whose name has a colon', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  await send(azrun, 'df -h', { subscriptionId: world.id })
  const { actual, expected } = await matchers.toHaveReceived(world, { parameters: { 'to: whom': 'Ada' } })
  t.strictSame({ actual, expected }, { actual: { 'parameters.to: whom': undefined }, expected: { 'parameters.to: whom': 'Ada' } })
})

t.test('the message for a negated matcher shows the requests that match', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  await send(azrun, 'df -h', { subscriptionId: world.id })
  const found = await matchers.toHaveReceived(world, { script: 'df*' })
  t.equal(found.pass, true)
  t.equal(found.message(), "expected no requests with script 'df*', found 1: #1.")
  const counted = await matchers.toHaveReceived(world, { script: 'df*' }, { times: '1' })
  t.equal(counted.message(), 'expected a number of requests other than 1, but that many match')
})

t.test('a failure without a near request has no differences', async t => {
  const world = (await start(t)).subscription()
  const { pass, message } = await matchers.toHaveReceived(world, { vmName: 'a' })
  t.strictSame([pass, message()], [false, "expected at least 1 request with vmName 'a', found 0."])
})

t.test('the assertion waits for a request until its timeout', async t => {
  const azrun = await start(t)
  const world = azrun.subscription()
  const waiting = assertReceived(world, { script: 'a' }, { timeout: 3_600_000 })
  await send(azrun, 'a', { subscriptionId: world.id })
  await waiting
})

t.test('anything but a subscription is refused', async t => {
  await t.rejects(matchers.toHaveReceived({} as TestSubscription, {}), { name: 'UsageError', message: /must be a subscription/ })
})
