import t from 'tap'
import { callAdmin } from '../../harness/admin.js'
import { build, runCommand } from '../../harness/emulator.js'
import { matchList } from '../../harness/match-list.js'

const [ONE, TWO] = ['1', '2'].map(digit => `${digit.repeat(8)}-1111-4111-8111-111111111111`) as [string, string]

const busy = (subscriptionId?: string) =>
  ({ name: 'busy', match: { subscriptionId }, calls: '1', do: [{ error: { code: 'Conflict' } }] })

t.test('two subscriptions can have scenarios with the same name', async t => {
  const emulator = await build(t, { respond: 'immediate' })
  const call = async (method: string, path: string, body?: object) => await callAdmin(emulator, method, path, body)
  for (const id of [ONE, TWO]) t.match(await call('PUT', '/scenarios/busy', busy(id)), { status: 201 }, 'created')
  t.match(await call('PUT', '/scenarios/busy', busy(ONE.toUpperCase())), { status: 200 }, 'replaced')
  const run = async (subscriptionId: string) =>
    (await runCommand(emulator, { commandId: 'RunShellScript', script: ['ls'] }, { subscriptionId })).statusCode
  t.strictSame([await run(ONE), await run(ONE)], [409, 200])

  t.match(await call('GET', `/scenarios?name=busy&wait=0&subscriptionId=${ONE}`), { status: 200, body: { value: [{ matched: 2 }] } })
  t.match(await call('GET', `/scenarios?name=busy&wait=0&subscriptionId=${TWO}`), { status: 408 })
  matchList(t, (await call('GET', `/scenarios?subscriptionId=${TWO}`)).body.value, [{ name: 'busy', matched: 0 }])
  const message = `there is no scenario 'busy' that may match several subscriptions, but there is one for ${TWO}: give that as 'subscriptionId'`
  for (const [method, path] of [['GET', '/scenarios?name=busy'], ['GET', '/scenarios?name=busy&wait=0'], ['DELETE', '/scenarios/busy']] as const) {
    t.match(await call(method, path), { status: 404, body: { error: { message, target: 'name' } } }, path)
  }

  t.match(await call('DELETE', `/scenarios/busy?subscriptionId=${ONE}`), { status: 204 })
  matchList(t, (await call('GET', '/scenarios')).body.value, [{ match: { subscriptionId: TWO } }])
  await call('PUT', '/scenarios', { value: [busy(ONE), busy(TWO), busy()] })
  t.match(await call('DELETE', `/scenarios?subscriptionId=${TWO}`), { status: 204 })
  matchList(t, (await call('GET', '/scenarios')).body.value, [{ match: { subscriptionId: ONE } }, { name: 'busy' }])
  t.match(await call('PUT', '/scenarios', { value: [busy(ONE), busy(ONE)] }), {
    status: 400, body: { error: { target: 'value[1].name', message: /is 'busy', the same as the name of number 1 in the list/ } }
  })
})
