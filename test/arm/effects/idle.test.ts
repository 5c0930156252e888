import { pino } from 'pino'
import t, { type Test } from 'tap'
import type { Effect, OperationEffect } from '../../../src/scenarios/scenario.js'
import { AUTHORIZATION, build, get, runCommand, SUBSCRIPTION } from '../../harness/emulator.js'
import { ended, managed, managedUrl, put } from '../../harness/managed.js'

/** An emulator with a scenario `odd` for every request, and its warnings. */
async function withEffect (t: Test, ...effects: readonly Effect[]) {
  const warnings: string[] = []
  const logger = pino({ level: 'warn' }, { write: line => { warnings.push(JSON.parse(line).msg) } })
  const emulator = await build(t, { logger, unmatched: 'succeed', scenarios: [{ name: 'odd', do: effects }] })
  return { emulator, warningsOf: () => warnings.filter(each => each.startsWith('scenario ')) }
}

const operation = (effect: OperationEffect) => ({ operation: effect })
const PATH = managedUrl({ name: 'cmd' }).split('?')[0]!
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`

t.test('warns once that answeredBy and noContent do nothing to the write of a managed run command', async t => {
  const { emulator, warningsOf } = await withEffect(t, operation({ answeredBy: 200, noContent: true }))
  for (const script of ['one', 'two', 'two']) t.ok((await put(emulator, script)).statusCode <= 201)
  t.strictSame(warningsOf(), [
    `scenario odd: the effect operation.answeredBy does nothing to PUT ${PATH}, because Azure responds to a write at once, with the resource`,
    `scenario odd: the effect operation.noContent does nothing to PUT ${PATH}, because a write has a result to fetch only with 'headers' both or location`
  ])
  await managed(emulator, 'PATCH', { name: 'cmd' }, { properties: { source: { script: 'three' } } })
  t.equal(warningsOf().length, 4, 'each operation has its own warning')
})

t.test('does not warn of effects that apply', async t => {
  const { emulator, warningsOf } = await withEffect(t, operation({ noContent: true, headers: 'both', answeredBy: 202 }), { guest: {} })
  t.equal((await runCommand(emulator, { commandId: 'RunShellScript' })).statusCode, 202)
  emulator.scenarios.replaceAll([{ name: 'odd', do: [operation({ noContent: true, headers: 'both' }), { guest: { exitCode: 3 } }] }])
  const written = await put(emulator, 'df')
  await ended(emulator, written)
  t.equal((await get(emulator, `${written.headers['location']}`)).statusCode, 204)
  t.equal((await managed(emulator, 'DELETE', { name: 'cmd' })).statusCode, 202)
  t.strictSame(warningsOf(), [])
})

t.test('warns of what is about polls if the response to an action is the result', async t => {
  const { emulator, warningsOf } = await withEffect(t, operation({ answeredBy: 200, polls: 1, headers: 'none', url: 'junk', retryAfter: 0, expiresAfter: 1 }))
  t.equal((await runCommand(emulator, { commandId: 'RunShellScript' })).statusCode, 200)
  const url = `${GROUP}/providers/Microsoft.Compute/virtualMachines/vm/restart?api-version=2024-03-01`
  t.equal((await emulator.app.inject({ method: 'POST', url, headers: AUTHORIZATION })).statusCode, 200)
  const members = ['polls', 'headers', 'retryAfter', 'expiresAfter', 'url']
  t.strictSame(warningsOf(), ['runCommand', 'restart'].flatMap(action => members.map(member =>
    `scenario odd: the effect operation.${member} does nothing to POST ${GROUP}/providers/Microsoft.Compute/virtualMachines/vm/${action}, ` +
    "because with 'answeredBy' 200 the response is the result, and nothing is polled")))
})

t.test('warns of a script\'s result where no script runs', async t => {
  const { emulator, warningsOf } = await withEffect(t, { guest: { exitCode: 3 } })
  await ended(emulator, await put(emulator, 'df'))
  t.strictSame(warningsOf(), [])
  await put(emulator, 'df')
  t.strictSame(warningsOf(), [`scenario odd: the effect guest does nothing to PUT ${PATH}, because the request does not run the script again`])
})

t.test('warns of an operation effect on the deletion of what does not exist', async t => {
  const { emulator, warningsOf } = await withEffect(t, operation({ duration: 5 }))
  t.equal((await managed(emulator, 'DELETE', { name: 'cmd' })).statusCode, 204)
  t.strictSame(warningsOf(), [`scenario odd: the effect operation does nothing to DELETE ${PATH}, because there is nothing to delete`])
})

t.test('warns of what the deletion of a resource group does not have', async t => {
  const effect = { answeredBy: 200, headers: 'asyncOperation', url: 'junk', noContent: true, polls: 1 } as const
  const { emulator, warningsOf } = await withEffect(t, operation(effect))
  await emulator.app.inject({ method: 'DELETE', url: `${GROUP}?api-version=2022-09-01`, headers: AUTHORIZATION })
  const effects = warningsOf().map(warning => /effect (\S+) does nothing to DELETE \S+, because ./.exec(warning)?.[1])
  t.strictSame(effects, ['operation.answeredBy', 'operation.headers', 'operation.noContent', 'operation.url'])
})
