import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { MemoryStore, VirtualClock, type EmulatorOptions } from '../../../src/index.js'
import { build, get, runCommand, SUBSCRIPTION } from '../../harness/emulator.js'
import { managed, put } from '../../harness/managed.js'
import { matchList } from '../../harness/match-list.js'
import { failing, remote } from '../../harness/remote-store.js'
import { prepare, send, starting } from '../../harness/starting.js'

const SCRIPT = { commandId: 'runshellscript', script: ['exit 3'] }
const FAILS = { name: 'fails', match: { script: 'lost' }, error: { code: 'AgentLost', message: 'no status' } }
const EXITS = { name: 'exits', result: { exitCode: 3 } }

/**
 * An emulator and its log, without pino's own members. `next` waits for a line, and `all` returns the lines since the
 * last call.
 */
async function loggingEmulator (t: Test, options: EmulatorOptions = {}, level = 'info') {
  const stream = new PassThrough({ objectMode: true })
  const logger = pino({ level, base: null, timestamp: false }, stream)
  const emulator = await build(t, { fixtures: [FAILS, EXITS], logger, ...options })
  return {
    emulator,
    next: async () => JSON.parse((await once(stream, 'data'))[0]),
    all: () => {
      const lines: object[] = []
      for (let line; (line = stream.read()) !== null;) lines.push(JSON.parse(line))
      return lines
    }
  }
}

const EVENT = { level: 30, msg: 'run command', method: 'POST', vm: 'vm', command: 'RunShellScript' }

for (const [name, store] of Object.entries({ memory: () => new MemoryStore(), 'a remote store': () => remote(new MemoryStore()) })) {
  t.test(`a run command is logged with its exit code when it ends, with ${name}`, async t => {
    const { emulator, next } = await loggingEmulator(t, { store: store() })
    const event = next()
    const response = await runCommand(emulator, SCRIPT)
    t.equal(response.statusCode, 202)
    const { operation, ms, ...rest } = await event
    t.strictSame(rest, { ...EVENT, status: 202, outcome: 'Succeeded', exitCode: 3 })
    t.match(response.headers.location, `/${operation}?`)
    t.ok(ms >= 0)
  })
}

t.test('a slow run command is logged once, at its end, and its polls are not logged', async t => {
  const clock = new VirtualClock()
  const { emulator, all } = await loggingEmulator(t, { clock, delay: 2000, pace: 'azure' })
  const { headers } = await runCommand(emulator, SCRIPT)
  await get(emulator, headers.location as string)
  t.strictSame(all(), [])
  await clock.advance(2000)
  t.equal((await get(emulator, headers.location as string)).statusCode, 200)
  matchList(t, all(), [{ ...EVENT, status: 202, outcome: 'Succeeded', exitCode: 3, ms: 2000 }])
})

t.test('a run command is logged with the status of the response to a request that waits', async t => {
  const { emulator, all } = await loggingEmulator(t, { respond: 'immediate' })
  t.equal((await runCommand(emulator, SCRIPT)).statusCode, 200)
  t.equal((await runCommand(emulator, { ...SCRIPT, script: ['lost'] })).statusCode, 409)
  const [succeeded, failed, ...rest] = all()
  t.match(succeeded, { ...EVENT, status: 200, exitCode: 3 })
  t.match(failed, { ...EVENT, status: 409, outcome: 'Failed', error: { code: 'AgentLost', message: 'no status' } })
  t.strictSame(rest, [], 'the failure is not also logged as an error response')
})

t.test('a poll of a failed operation is not logged', async t => {
  const { emulator, all } = await loggingEmulator(t)
  const { headers } = await runCommand(emulator, { ...SCRIPT, script: ['lost'] })
  t.equal((await get(emulator, headers.location as string)).statusCode, 409)
  matchList(t, all(), [{ outcome: 'Failed', status: 202 }])
})

t.test('a canceled run command is logged as Canceled', async t => {
  const { emulator, all } = await loggingEmulator(t, { clock: new VirtualClock(), delay: 1000 })
  await runCommand(emulator, SCRIPT)
  await emulator.reset()
  matchList(t, all(), [{ ...EVENT, outcome: 'Canceled', error: { code: 'OperationCanceled' } }])
})

for (const each of starting) {
  const { operation, method, vmName: vm, action, isCommand } = each
  t.test(`${operation} is logged once, with its action and outcome`, async t => {
    const { emulator, all } = await loggingEmulator(t)
    await prepare(emulator, each)
    all()
    const { statusCode: status } = await send(emulator, each)
    const [event, ...rest] = all() as Record<string, unknown>[]
    t.strictSame(rest, [])
    const { operation: id, ms, ...facts } = event!
    t.strictSame(facts, {
      level: 30,
      msg: isCommand ? 'run command' : 'operation',
      method,
      vm: vm ?? (operation === 'ResourceGroups_Delete' ? 'rg' : 'ss'),
      ...operation.endsWith('_RunCommand') && { command: 'RunShellScript' },
      ...operation.includes('RunCommands_') && { name: 'cmd' },
      ...!isCommand && method === 'POST' && { action: action.split('/').at(-2) },
      status,
      outcome: 'Succeeded',
      ...isCommand && { exitCode: 3 }
    })
  })
}

t.test('a managed run command that does not run again is logged without an exit code', async t => {
  const { emulator, all } = await loggingEmulator(t)
  const put = starting.find(({ operation }) => operation === 'VirtualMachineRunCommands_CreateOrUpdate')!
  await send(emulator, put)
  await send(emulator, put)
  const [first, second] = all() as Record<string, unknown>[]
  t.match(first, { name: 'cmd', status: 201, exitCode: 3 })
  t.match(second, { name: 'cmd', status: 200, outcome: 'Succeeded' })
  t.notOk('exitCode' in second!)
})

const ASYNC = { method: 'PUT', vm: 'vm', name: 'cmd', msg: 'run command' }

t.test('an asynchronous script is logged at its end, after its operation', async t => {
  const { emulator, all } = await loggingEmulator(t)
  t.equal((await put(emulator, 'exit 3', { properties: { asyncExecution: true } })).statusCode, 201)
  const [started, script, ...rest] = all() as Record<string, unknown>[]
  t.strictSame(rest, [])
  const { operation, ms, level, ...begun } = started!
  t.strictSame(begun, { ...ASYNC, status: 201, outcome: 'Succeeded' })
  const { operation: same, ms: _, level: __, ...ended } = script!
  t.strictSame(ended, { ...ASYNC, async: true, outcome: 'Succeeded', exitCode: 3 })
  t.equal(same, operation)
})

t.test('an asynchronous script is logged with its duration, or with the error that ended it', async t => {
  const clock = new VirtualClock()
  const fixtures = [{ name: 'slow', match: { script: 'slow' }, result: { exitCode: 0, durationMs: 5000 } }]
  const { emulator, all } = await loggingEmulator(t, { clock, fixtures })
  const asyncExecution = true
  await put(emulator, 'slow', { properties: { asyncExecution } })
  await put(emulator, 'slow', { name: 'other', properties: { asyncExecution } })
  matchList(t, all(), [{ ...ASYNC, status: 201, outcome: 'Succeeded' }, { ...ASYNC, name: 'other', status: 201 }])
  await clock.advance(4999)
  t.strictSame(all(), [])
  await put(emulator, 'slow', { name: 'other', properties: { asyncExecution, timeoutInSeconds: 99 } })
  matchList(t, all(), [{ ...ASYNC, name: 'other', async: true, outcome: 'Failed', error: { code: 'OperationPreempted' } }, { ...ASYNC, name: 'other', status: 200 }])
  await clock.advance(1)
  matchList(t, all(), [{ ...ASYNC, async: true, outcome: 'Succeeded', exitCode: 0, ms: 5000 }])
  await emulator.reset()
  matchList(t, all(), [{ ...ASYNC, name: 'other', async: true, outcome: 'Canceled', error: { code: 'OperationCanceled' } }])
})

t.test('an end that the store fails to keep is not logged, and does not crash the process', async t => {
  const store = remote(failing(new MemoryStore(), { endedOperations: ['set'] }))
  const clock = new VirtualClock()
  const { emulator, all } = await loggingEmulator(t, { store, clock, delay: 1000 })
  t.equal((await put(emulator, 'exit 3', { properties: { asyncExecution: true } })).statusCode, 201)
  await clock.untilIdle()
  // tap fails a test with an unhandled rejection in its process.
  t.strictSame(all().filter(line => 'outcome' in line), [])
})

t.test('each 4xx response is logged with its code and reason', async t => {
  const { emulator, all } = await loggingEmulator(t, { clock: new VirtualClock(), delay: 1000 })
  await runCommand(emulator, SCRIPT)
  await runCommand(emulator, SCRIPT)
  await get(emulator, '/nowhere?api-version=2024-03-01')
  await emulator.app.inject({ method: 'GET', url: '/', headers: { origin: 'http://page.example' } })
  await emulator.app.inject({
    method: 'POST',
    url: '/common/oauth2/v2.0/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'grant_type=none'
  })
  const event = { level: 30, msg: 'error response' }
  matchList(t, all(), [
    { ...event, method: 'POST', vm: 'vm', command: 'runshellscript', status: 409, code: 'Conflict', reason: /in progress/ },
    { ...event, method: 'GET', url: '/nowhere?api-version=2024-03-01', status: 404, code: 'NotFound', reason: /does not serve/ },
    { ...event, url: '/', status: 403, code: 'RequestRefused', reason: /Origin/ },
    { ...event, url: '/common/oauth2/v2.0/token', status: 400, code: 'AADSTS70003', reason: /grant type/ }
  ])
})

t.test("the log says what is wrong with a value, which Azure's error does not say", async t => {
  const { emulator, all } = await loggingEmulator(t)
  const source = { script: 'é'.repeat(131_073) }
  await managed(emulator, 'PUT', { name: 'cmd' }, { location: 'westus', properties: { source } })
  const [{ reason }] = all() as [{ reason: string }]
  const [said, ...added] = reason.split(/(?<=invalid\.) /)
  t.equal(said, 'The value of parameter source.script is invalid.')
  t.match(added.join(' '), /^'é+…' has 262146 bytes, and at most 262144 are allowed\.$/)
})

t.test('the log says which filters azrun knows', async t => {
  const { emulator, all } = await loggingEmulator(t)
  const groups = `/subscriptions/${SUBSCRIPTION}/resourceGroups`
  await get(emulator, `${groups}?api-version=2022-09-01&$filter=size eq 'x'`)
  await runCommand(emulator, SCRIPT)
  await get(emulator, `${groups}/rg/resources?api-version=2022-09-01&$filter=size eq 'x'`)
  const said = "Invalid $filter 'size eq 'x'' specified in the query string."
  t.strictSame(all().filter(line => 'reason' in line).map(line => (line as { reason: string }).reason), [
    `${said} azrun knows only tagName eq 'NAME' or tagName eq 'NAME' and tagValue eq 'VALUE'.`,
    `${said} azrun knows only MEMBER eq 'TEXT' (or ne) and substringof('TEXT', name), joined with and and or, ` +
      "tagName eq 'NAME', tagName eq 'NAME' and tagValue eq 'VALUE', or startswith(tagName, 'TEXT')."
  ])
})

t.test('operations and error responses are not logged at level warn', async t => {
  const { emulator, all } = await loggingEmulator(t, {}, 'warn')
  await runCommand(emulator, SCRIPT)
  await get(emulator, '/nowhere')
  t.strictSame(all(), [])
})
