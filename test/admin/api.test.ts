import t, { type Test } from 'tap'
import { readDocument } from '../../src/http/openapi.js'
import type { Emulator } from '../../src/index.js'
import { callAdmin } from '../harness/admin.js'
import { build, runCommand } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'

const DELAY = { name: 'slow', do: [{ delay: { ms: 1 } }] }

/** A function that calls the API of an emulator. */
async function caller (t: Test, given?: Emulator) {
  const emulator = given ?? await build(t)
  return async (method: string, path: string, body?: unknown) => await callAdmin(emulator, method, path, body)
}

t.test('adds, replaces, lists and removes scenarios, in their order', async t => {
  const call = await caller(t)
  t.equal((await call('PUT', '/scenarios/slow', DELAY)).status, 201)
  t.equal((await call('PUT', '/scenarios/slow', DELAY)).status, 200)
  t.equal((await call('PUT', '/scenarios/first', { ...DELAY, name: 'first' })).status, 201)
  t.equal((await call('PUT', '/scenarios/last?position=last', { ...DELAY, name: 'last' })).status, 201)
  const { body } = await call('GET', '/scenarios')
  t.same(body.value.map(({ name }: { name: string }) => name), ['first', 'slow', 'last'])
  t.equal((await call('DELETE', '/scenarios/slow')).status, 204)
  t.equal((await call('DELETE', '/scenarios/slow')).status, 404)
  t.same((await call('PUT', '/scenarios', { value: [DELAY] })).status, 200)
  t.equal((await call('GET', '/scenarios')).body.value.length, 1)
  t.equal((await call('DELETE', '/scenarios')).status, 204)
  t.same((await call('GET', '/scenarios')).body, { value: [] })
})

t.test('a scenario needs no name in the body, since the path has it', async t => {
  const call = await caller(t)
  const { do: effects } = DELAY
  t.match(await call('PUT', '/scenarios/a%20slow%20one', { do: effects }), { status: 201, body: { name: 'a slow one', do: effects } })
  t.match(await call('PUT', '/scenarios/a%20slow%20one', { do: effects }), { status: 200 })
  t.strictSame(Object.keys((await call('GET', '/scenarios')).body.value[0]), ['name', 'do', 'matched', 'done'])
  t.match(await call('GET', '/scenarios'), { body: { value: [{ name: 'a slow one', matched: 0 }] } })
  t.match(await call('PUT', '/scenarios', { value: [{ do: effects }] }),
    { status: 400, body: { error: { target: 'value[0]', message: "'value[0]' must have 'name'" } } })
  t.match(await call('PUT', `/scenarios/${'x'.repeat(101)}`, { do: effects }), { status: 400, body: { error: { target: 'name' } } })
})

t.test('the contract describes the body of a scenario like a scenario, but for the name', async t => {
  const { ScenarioBody: body, Scenario: scenario } =
    (readDocument('admin.json') as unknown as { components: { schemas: Record<string, any> } }).components.schemas
  const withoutText = ({ properties: { name, ...others } }: typeof body) => ({ ...others, name: { ...name, description: '' } })
  t.strictSame(withoutText(body), withoutText(scenario))
  t.strictSame(body.required, ['do'])
})

const wrong = [
  [{ name: 'x', do: [{ delay: { ms: 'x' } }] }, 'do[0].delay.ms', '\'do[0].delay.ms\' must be a whole number from 0 to 2147483647, not "x"'],
  [{ name: 'x', do: [{ dellay: { ms: 1 } }] }, 'do[0].dellay', "'do[0].dellay' is not a known property; did you mean 'delay'?"],
  [{ name: 'x', do: [] }, 'do', "'do' must not be empty"],
  [{ name: 'x', do: [{ delay: { ms: 1 }, throttle: {} }] }, 'do[0]', '\'do[0]\' must have exactly one member, the kind of effect, not {"delay":{"ms":1},"throttle":{}}'],
  [{ name: 'x', do: [{ socket: { truncate: 'x' } }] }, 'do[0].socket',
    '\'do[0].socket\' must be "reset", "close", "stall", {"truncate": BYTES} or {"drip": BYTES_PER_SECOND}, not {"truncate":"x"}'],
  [{ name: 'x' }, 'body', "'body' must have 'do'"],
  [{ name: 'y', do: [{ delay: { ms: 1 } }] }, 'name', "'name' must be 'x', as in the URL, or be left out"],
  [{ name: 'x'.repeat(101), do: [{ delay: { ms: 1 } }] }, 'name', `'name' must be a name of 1 to 100 characters, not "${'x'.repeat(99)}...`],
  [{ name: 'x', calls: '0', do: [{ delay: { ms: 1 } }] }, 'calls', '\'calls\' must be a call such as "1", or a range such as "1-2" or "3-", not "0"'],
  ['{', 'body', undefined]
] as const

t.test('refuses an invalid scenario, and names the field and the rule', async t => {
  const call = await caller(t)
  for (const [body, target, message] of wrong) {
    const response = await call('PUT', '/scenarios/x', body)
    t.equal(response.status, 400, target)
    t.equal(response.body.error.target, target)
    if (message !== undefined) t.equal(response.body.error.message, message)
  }
})

t.test('refuses an unknown operation and a repeated name, which the schema cannot express', async t => {
  const call = await caller(t)
  const named = (operation: string) => ({ ...DELAY, match: { operation } })
  t.match(await call('PUT', '/scenarios/slow', named('Operation_Get')), {
    status: 400,
    body: { error: { target: 'match.operation', message: "'match.operation' is not an operation that azrun serves: 'Operation_Get'; did you mean 'Operations_Get'?" } }
  })
  t.equal((await call('PUT', '/scenarios/slow', named('Operations_*'))).status, 201)
  t.equal((await call('PUT', '/scenarios/slow', named('tokens_issuev2'))).status, 200)
  const list = await call('PUT', '/scenarios', { value: [DELAY, DELAY] })
  t.match(list, { status: 400, body: { error: { target: 'value[1].name' } } })
  t.equal((await call('GET', '/scenarios')).body.value[0].match.operation, 'tokens_issuev2', 'the refused list changed nothing')
})

t.test('refuses a scenario with an effect that cannot apply to the requests that it matches', async t => {
  const call = await caller(t)
  const put = async (operation: string, effect: object) => {
    const { status, body } = await call('PUT', '/scenarios/x', { name: 'x', match: { operation }, do: [{ delay: { ms: 1 } }, effect] })
    return status < 300 ? status : [status, body.error.target, body.error.message]
  }
  t.strictSame(await put('Operations_Get', { operation: { polls: 3 } }), [400, 'do[1].operation',
    "'do[1].operation' applies only to requests that start an operation, and 'match.operation' matches none of them: 'Operations_Get'"])
  t.match(await put('virtualMachines_start', { guest: { exitCode: 1 } }), [400, 'do[1].guest', /applies only to run commands, /])
  t.match(await put('VirtualMachines_*', { poll: 'noStatus' }), [400, 'do[1].poll', /applies only to polls of operations \(Operations_Get\), /])
  t.match(await put('VirtualMachines_RunCommand', { login: 'error' }), [400, 'do[1].login', /applies only to token endpoints and managed identity, /])
  t.match(await put('Tokens_IssueV2', { login: 'identityNotReady' }), [400, 'do[1].login', /applies only to managed identity, /])
  t.equal(await put('virtualmachines_*', { operation: { polls: 3 } }), 201)
  t.equal(await put('*', { poll: 'noStatus' }), 200)
})

t.test('returns one scenario by its name, and waits until it is done', async t => {
  const emulator = await build(t)
  const call = await caller(t, emulator)
  await call('PUT', '/scenarios/slow', { ...DELAY, calls: '1' })
  await call('PUT', '/scenarios/endless', { ...DELAY, name: 'endless' })
  matchList(t, (await call('GET', '/scenarios?name=slow')).body.value, [{ name: 'slow', matched: 0, done: false }])
  const waiting = call('GET', '/scenarios?name=slow&wait=10')
  await runCommand(emulator, { commandId: 'RunShellScript' })
  t.match(await waiting, { status: 200, body: { value: [{ name: 'slow', matched: 1, done: true }] } })
  await call('PUT', '/scenarios/slow', { ...DELAY, calls: '1' })
  t.match(await call('GET', '/scenarios?name=slow&wait=0.01'), {
    status: 408, body: { error: { code: 'RequestTimeout', target: 'name', message: "scenario 'slow' is not done after 10 ms: 'calls' is '1', matched so far: 0" } }
  })
  t.match(await call('GET', '/scenarios?name=endless&wait=1'), { status: 400, body: { error: { target: 'wait', message: "scenario 'endless' is never done: its 'calls' have no end" } } })
  t.match(await call('GET', '/scenarios?wait=1'), { status: 400, body: { error: { target: 'wait', message: "'wait' needs 'name', the scenario to wait for" } } })
  for (const query of ['', '&wait=1']) {
    t.match(await call('GET', `/scenarios?name=slw${query}`), { status: 404, body: { error: { target: 'name', message: "there is no scenario 'slw'; did you mean 'slow'?" } } })
  }
  const message = "there is no scenario 'qqqq': GET /_emulator/scenarios lists those that are active"
  t.match(await call('DELETE', '/scenarios/qqqq'), { status: 404, body: { error: { target: 'name', message } } })
})

t.test('lists the scenarios that a request can name, active ones first', async t => {
  const call = await caller(t)
  await call('PUT', '/scenarios/forbidden', { ...DELAY, name: 'forbidden' })
  const { body: { value } } = await call('GET', '/named-scenarios')
  t.strictSame(value[0], { scenario: { ...DELAY, name: 'forbidden' } })
  const names = value.map(({ scenario: { name } }: { scenario: { name: string } }) => name)
  t.ok(names.includes('throttled-twice'))
  t.strictSame(names, [...new Set(names)])
})

t.test('refuses an unknown query parameter and an invalid value', async t => {
  const call = await caller(t)
  const unknown = await call('PUT', '/scenarios/x?posision=last', DELAY)
  t.match(unknown, { status: 400, body: { error: { target: 'posision', message: "'posision' is not a known query parameter; did you mean 'position'?" } } })
  t.match(await call('PUT', '/scenarios/slow?position=middle', DELAY), { status: 400, body: { error: { target: 'position' } } })
  t.match(await call('GET', '/scenarios?a=1'), { status: 400, body: { error: { target: 'a' } } })
})

t.test('refuses an unsupported method, and lists the supported ones in Allow', async t => {
  const call = await caller(t)
  t.match(await call('POST', '/scenarios'), { status: 405, headers: { allow: 'GET, PUT, DELETE' } })
})
