import t from 'tap'
import { build } from '../harness/emulator.js'
import { poll, prepare, SCRIPT, send, starting } from '../harness/starting.js'

const EXITS = [{ name: 'exits', result: { exitCode: 3 } }]

t.test('24 requests of the contract start an operation, and 6 of them run a script', async t => {
  t.equal(starting.length, 24)
  t.equal(starting.filter(({ isCommand }) => isCommand).length, 6)
})

for (const each of starting) {
  const { operation, method, vmName, isCommand } = each

  t.test(`${operation}: a scenario that matches it fails only its operation`, async t => {
    const emulator = await build(t, { fixtures: EXITS })
    await prepare(emulator, each)
    const match = { operation, ...vmName !== undefined && { vmName } }
    const error = { code: 'OnPurpose', message: 'It fails.' }
    emulator.scenarios.put({ name: 'fails', match, do: [{ operation: { outcome: error } }] })
    const others = starting.filter(other => other.operation !== operation && !other.isCommand && other.operation !== 'ResourceGroups_Delete')
    const other = await send(emulator, others[0]!)
    t.match((await poll(emulator, other)).json(), { status: 'Succeeded' })
    const response = await send(emulator, each)
    const polled = await poll(emulator, response)
    t.match(polled.json(), { error }, polled.body)
    t.equal(emulator.scenarios.find('fails')!.matched, 1)
  })

  t.test(`${operation}: the journal joins its polls, and finds both by the resource`, async t => {
    const emulator = await build(t, { fixtures: EXITS })
    await prepare(emulator, each)
    emulator.journal.clear()
    const response = await send(emulator, each)
    await poll(emulator, response)
    const place = { resourceGroup: 'rg', ...vmName !== undefined && { vmName } }
    const { value: [started, polled, ...rest] } = emulator.journal.list(place)
    t.same(rest, [])
    t.match(started, { operation, method, operationId: /^[\da-f-]{36}$/, polls: [{ status: 200 }] })
    t.equal(polled!.operationId, started!.operationId)
    t.match(polled!.operation, /^Operation(?:s|Results)_Get$/)
    t.equal(polled!.vmName, vmName)
    await emulator.journal.verify([
      { match: { operation, ...place }, times: '1' },
      { match: { operation: polled!.operation!, ...place }, times: '1' },
      { match: { script: SCRIPT }, times: isCommand ? '1' : '0' }
    ])
    t.equal(started!.command?.exitCode, isCommand ? 3 : undefined)
  })
}
