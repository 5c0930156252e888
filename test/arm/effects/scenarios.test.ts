import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { VirtualClock, type Emulator, type EmulatorOptions, type Scenario } from '../../../src/index.js'
import { AUTHORIZATION, build, get, runCommand, runOnInstance, start, SUBSCRIPTION } from '../../harness/emulator.js'
import { managedUrl } from '../../harness/managed.js'
import { matchList } from '../../harness/match-list.js'
import { WatchedClock } from '../../harness/watched-clock.js'
import { exchange } from '../../harness/wire.js'

const SHELL = { commandId: 'RunShellScript', script: ['df -h'] }
const VM = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`

/** The response to a run command under one scenario. */
async function underScenario (t: Test, effects: Scenario['do'], options: EmulatorOptions = {}) {
  const emulator = await build(t, { ...options, scenarios: [{ name: 'x', do: effects }] })
  const response = await runCommand(emulator, SHELL)
  return { emulator, ...response, status: response.statusCode, body: response.body, headers: response.headers }
}

t.test("an error with only a code of the table has the table's status, form and message, filled in from the request", async t => {
  const busy = await underScenario(t, [{ error: { code: 'Conflict', entry: 'RunCommandInProgress' } }])
  t.equal(busy.status, 409)
  t.equal(busy.body, '{\r\n  "error": {\r\n    "code": "Conflict",\r\n    "message": "Run command extension execution is in progress. Please wait for completion before invoking a run command."\r\n  }\r\n}')
  t.match(busy.headers['x-ms-ratelimit-remaining-resource'], /UpdateVM/)
  const missing = await underScenario(t, [{ error: { code: 'ResourceNotFound' } }])
  t.equal(missing.status, 404)
  t.equal(missing.body, '{"error":{"code":"ResourceNotFound","message":"The Resource \'Microsoft.Compute/virtualMachines/vm\' under resource group \'rg\' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"}}')
  t.equal(missing.headers['x-ms-failure-cause'], 'gateway')
})

t.test('an error with only the code Conflict is RunCommandInProgress', async t => {
  const { status, body } = await underScenario(t, [{ error: { code: 'Conflict' } }])
  t.equal(status, 409)
  t.match(body, 'Run command extension execution is in progress.')
})

t.test('an error about a machine names the machine and the action', async t => {
  const emulator = await build(t, { scenarios: [{ name: 'x', do: [{ error: { code: 'Any', entry: 'VirtualMachineDeallocated' } }] }] })
  for (const [machine, name] of [['virtualMachines/db', 'db'], ['virtualMachineScaleSets/ss/virtualMachines/3', 'ss_3']]) {
    const url = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/${machine}/powerOff?api-version=2024-07-01`
    const { json } = await emulator.app.inject({ method: 'POST', url, headers: AUTHORIZATION })
    t.match(json().error.message, `Operation 'powerOff' is not allowed on VM '${name}' since`)
  }
})

t.test("errors of authorization are filled in from the request's token", async t => {
  const claims = Buffer.from(JSON.stringify({ oid: 'object', upn: 'ann@contoso.com', exp: 1709251200 })).toString('base64url')
  const emulator = await build(t, {
    scenarios: [
      { name: 'forbidden', match: { operation: 'VirtualMachines_RunCommand' }, do: [{ error: { code: 'AuthorizationFailed' } }] },
      { name: 'expired', do: [{ error: { code: 'ExpiredAuthenticationToken' } }] }
    ],
    clock: new VirtualClock()
  })
  const authorization = `Bearer e30.${claims}.`
  const forbidden = await runCommand(emulator, SHELL, { headers: { authorization } })
  t.equal(forbidden.statusCode, 403)
  t.equal(forbidden.json().error.message, "The client 'ann@contoso.com' with object id 'object' does not have authorization to perform action " +
    `'Microsoft.Compute/virtualMachines/runCommand/action' over scope '${VM}' or the scope is invalid. If access was recently granted, please refresh your credentials.`)
  t.equal(forbidden.headers['connection'], 'close')
  const expired = await get(emulator, `${VM}?api-version=2024-03-01`, { authorization })
  t.equal(expired.statusCode, 401)
  t.match(expired.json().error.message, "expiry UTC time '3/1/2024 12:00:00 AM' is earlier than current UTC time '3/1/2024 12:00:00 AM'")
  t.match(expired.headers['www-authenticate'], 'error_description="The access token has expired."')
})

t.test('an error of a scenario can override the status, message, values, details and headers of the table', async t => {
  const error = {
    code: 'ResourceNotFound', status: 410, values: { name: 'other' }, details: [{ code: 'Detail', message: 'more' }], headers: { 'X-Own': 'yes', 'Retry-After': '3' }
  }
  const { status, headers, ...response } = await underScenario(t, [{ error }])
  t.equal(status, 410)
  t.match(headers, { 'x-own': 'yes', 'retry-after': '3' })
  const message = /^The Resource 'Microsoft.Compute\/virtualMachines\/other'/
  t.match(JSON.parse(response.body).error, { message, details: error.details })
  const overridden = await underScenario(t, [{ error: { code: 'Conflict', message: 'Own text {name}.' } }])
  t.equal(JSON.parse(overridden.body).error.message, 'Own text {name}.')
})

t.test("a header of an error replaces Azure's header of the same name", async t => {
  const emulator = await start(t)
  const url = `${emulator.httpUrl}${VM}?api-version=2024-03-01`
  const inOrder = (names: readonly string[]) => names.map(name => name.toLowerCase()).sort()
  for (const code of ['Conflict', 'ResourceNotFound']) {
    emulator.scenarios.put({ name: 'x', do: [{ error: { code } }] })
    const { names } = await exchange(emulator, url, { headers: AUTHORIZATION })
    const error = { code, headers: { 'X-MS-Request-Id': 'mine', date: 'never', 'Cache-Control': 'no-cache' } }
    emulator.scenarios.put({ name: 'x', do: [{ error }] })
    const replaced = await exchange(emulator, url, { headers: AUTHORIZATION })
    t.strictSame(inOrder(replaced.names), inOrder(names), `${code}, also with a value that is Azure's`)
    t.match(replaced.headers, { 'x-ms-request-id': 'mine', date: 'never' })
  }
})

t.test('a header of an error is sent without the characters that HTTP does not allow, as `put` does not refuse them', async t => {
  const emulator = await start(t)
  const headers = { 'X-Own': 'a\u2013b\r\nX-Other: c', Date: 'n\u0113ver' }
  emulator.scenarios.put({ name: 'x', do: [{ error: { code: 'Conflict', headers } }] })
  const sent = await exchange(emulator, `${emulator.httpUrl}${VM}?api-version=2024-03-01`, { headers: AUTHORIZATION })
  t.match(sent.headers, { 'x-own': 'abX-Other: c', date: 'nver', 'x-other': undefined })
})

t.test('details come first in an error of Compute, and last in any other', async t => {
  // Recorded: azcli_power_vm_spot; terraform-provider-azapi #691.
  const details = [{ code: 'Detail', message: 'more' }]
  const members = async (code: string, path: string) => {
    const emulator = await build(t, { scenarios: [{ name: 'x', do: [{ error: { code, status: 409, details } }] }] })
    return Object.keys((await get(emulator, `/subscriptions/${SUBSCRIPTION}/providers/${path}`)).json().error)
  }
  const machines = 'Microsoft.Compute/virtualMachines?api-version=2024-07-01'
  t.strictSame(await members('AllocationFailed', machines), ['details', 'code', 'message'])
  t.strictSame(await members('AuthorizationFailed', machines), ['code', 'message', 'details'])
  t.strictSame(await members('Own', 'Microsoft.Network/networkInterfaces?api-version=2023-09-01'), ['code', 'message', 'details'])
})

t.test('an error of a scenario has the target of the table, filled in', async t => {
  const error = { code: 'InvalidParameter', entry: 'InvalidValue', values: { parameter: 'script' } }
  const { body } = await underScenario(t, [{ error }])
  t.equal(JSON.parse(body).error.target, 'script')
})

t.test("an error of a scenario can override Azure's challenge", async t => {
  const { headers } = await underScenario(t, [{ error: { code: 'InvalidAuthenticationToken', headers: { 'WWW-Authenticate': 'Bearer claims="e30="' } } }])
  t.equal(headers['www-authenticate'], 'Bearer claims="e30="')
})

t.test('an error with an unknown code has the form of the service, and a default message', async t => {
  const compute = await underScenario(t, [{ error: { code: 'AllocationFailed', status: 409 } }])
  t.equal(compute.status, 409)
  t.not(compute.headers['connection'], 'close')
  t.equal(compute.body, '{\r\n  "error": {\r\n    "code": "AllocationFailed",\r\n    "message": "AllocationFailed: an error of a scenario, which gives it no message."\r\n  }\r\n}')
  const gateway = await get(compute.emulator, `/subscriptions/${SUBSCRIPTION}?api-version=2022-12-01`)
  t.equal(gateway.body, '{"error":{"code":"AllocationFailed","message":"AllocationFailed: an error of a scenario, which gives it no message."}}')
})

t.test("an error with an ambiguous code is the first one of Azure's in the table", async t => {
  t.match((await underScenario(t, [{ error: { code: 'NotFound' } }])).body, 'The entity was not found in this Azure location.')
})

t.test('an OperatingSystemMismatch has the OS of the command, and the other one for the machine', async t => {
  t.match((await underScenario(t, [{ error: { code: 'Conflict', entry: 'OperatingSystemMismatch' } }])).body, "Run command OS type 'Linux' does not match the target OS Windows.")
})

const clock = new VirtualClock()
const HEADERS: readonly [Extract<Scenario['do'][number]['throttle'], object>, Record<string, string | undefined>][] = [
  [{ retryAfter: 5 }, { 'retry-after': '5', 'x-ms-ratelimit-remaining-resource': 'Microsoft.Compute/UpdateVMSubscriptionMaximum;1499,Microsoft.Compute/UpdateVMResource;0' }],
  [{ form: 'ms', retryAfter: 2 }, { 'retry-after': undefined, 'retry-after-ms': '2000' }],
  [{ form: 'date', retryAfter: 90 }, { 'retry-after': 'Fri, 01 Mar 2024 00:01:30 GMT' }],
  [{ by: 'ResourceManager', retryAfter: 0 }, { 'retry-after': '0', 'x-ms-ratelimit-remaining-subscription-writes': '0' }],
  [{}, { 'retry-after': '1' }]
]

t.test('a throttled response has Retry-After in its form, and the exhausted quota', async t => {
  for (const [throttle, expected] of HEADERS) {
    const { status, headers } = await underScenario(t, [{ throttle }], { clock })
    t.equal(status, 429)
    for (const [name, value] of Object.entries(expected)) t.equal(headers[name], value, JSON.stringify(throttle))
  }
})

t.test('a date in Retry-After is never too early, although it has only whole seconds', async t => {
  const [clock, effects] = [new VirtualClock(new Date('2024-03-01T00:00:00.001Z')), [{ throttle: { form: 'date', retryAfter: 1 } }]] as const
  t.equal((await underScenario(t, [...effects], { clock })).headers['retry-after'], 'Fri, 01 Mar 2024 00:00:02 GMT')
})

t.test('a poll and a list are throttled by the quotas that they use', async t => {
  const { emulator } = await underScenario(t, [{ throttle: {} }])
  const list = await get(emulator, `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/virtualMachines?api-version=2021-11-01`)
  t.equal(list.headers['x-ms-ratelimit-remaining-resource'], 'Microsoft.Compute/HighCostGet3Min;0,Microsoft.Compute/HighCostGet30Min;698')
  matchList(t, list.json().error.details, [{ target: 'HighCostGet3Min' }])
  const poll = await get(emulator, `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/operations/x?api-version=2024-03-01`)
  t.match(poll.headers['x-ms-ratelimit-remaining-resource'], /^Microsoft.Compute\/GetOperationResource;0,/)
})

t.test('the effect answer sends its response unchanged', async t => {
  const emulator = await start(t, {
    scenarios: [{ name: 'page', do: [{ answer: { status: 502, headers: { 'Content-Type': 'text/html', 'X-Own': 'é' }, body: '<h1>Übel</h1>' } }] }]
  })
  const { status, names, headers, body } = await exchange(emulator, `${emulator.httpUrl}${VM}?api-version=2024-03-01`, { headers: AUTHORIZATION })
  t.strictSame([status, headers['x-own'], `${body}`], [502, 'é', '<h1>Übel</h1>'])
  t.strictSame(names, ['Content-Type', 'X-Own', 'Content-Length', 'Connection'])
  for (const status of [204, 304]) {
    const empty = await underScenario(t, [{ answer: { status } }])
    t.strictSame([empty.status, empty.body, empty.headers['content-length']], [status, '', undefined])
  }
  const bodiless = await underScenario(t, [{ answer: { status: 502 } }])
  t.strictSame([bodiless.status, bodiless.body, bodiless.headers['content-length']], [502, '', '0'])
  const plain = await underScenario(t, [{ answer: { body: 'x' } }])
  t.strictSame([plain.status, plain.body], [200, 'x'])
})

t.test('of an error, a throttle and an answer, only the first in this order is sent', async t => {
  const [error, throttle, answer] = [{ error: { code: 'Conflict' } }, { throttle: {} }, { answer: { status: 502 } }]
  for (const [effects, status] of [
    [[answer, throttle, error], 409], [[answer, error], 409], [[throttle, error], 409], [[answer, throttle], 429],
    [[answer], 502]
  ] as const) {
    t.equal((await underScenario(t, effects)).status, status, JSON.stringify(effects))
  }
})

t.test('an answer with Connection: close closes the connection, and one with keep-alive has the header once', async t => {
  const emulator = await start(t)
  for (const [connection, names] of [
    ['close', ['Content-Length', 'Connection']], ['Keep-Alive', ['Content-Length', 'Connection', 'Keep-Alive']],
    ['x-own, CLOSE', ['Content-Length', 'Connection']]
  ] as const) {
    emulator.scenarios.put({ name: 'x', do: [{ answer: { headers: { connection }, body: 'body' } }] })
    const headers = { ...AUTHORIZATION, connection: 'keep-alive' }
    const answer = await exchange(emulator, `${emulator.httpUrl}${VM}?api-version=2024-03-01`, { headers })
    t.strictSame([answer.names, `${answer.body}`], [names, 'body'], connection)
    t.match(answer.headers['connection'], connection === 'Keep-Alive' ? 'keep-alive' : 'close')
  }
})

t.test("a delay waits on azrun's clock before an error or the response", async t => {
  const delay = { delay: { ms: 60_000 } }
  for (const [effects, status] of [[[delay], 202], [[{ error: { code: 'Conflict' } }, delay], 409]] as const) {
    const clock = new WatchedClock()
    const emulator = await build(t, { clock, scenarios: [{ name: 'slow', do: effects }] })
    let isSent = false
    const pending = runCommand(emulator, SHELL).then(response => { isSent = true; return response })
    await clock.asleep
    t.equal(isSent, false)
    await clock.advance(60_000)
    t.equal((await pending).statusCode, status)
  }
})

t.test('a delayed request is not handled if its client has disconnected', async t => {
  const clock = new WatchedClock()
  const emulator = await start(t, { clock, scenarios: [{ name: 'slow', do: [{ delay: { ms: 60_000 } }] }] })
  const client = new AbortController()
  const sent = fetch(`${emulator.httpUrl}${VM}/runCommand?api-version=2024-03-01`, {
    method: 'POST', headers: { ...AUTHORIZATION, 'content-type': 'application/json' }, body: JSON.stringify(SHELL), signal: client.signal
  })
  await clock.asleep
  client.abort()
  await t.rejects(sent)
  await clock.givenUp
  emulator.scenarios.replaceAll([])
  t.equal((await runCommand(emulator, SHELL)).statusCode, 202, 'no run command is in progress')
})

t.test('a client that ends its side during a delay gets no response, and its connection closes', async t => {
  const clock = new WatchedClock()
  const emulator = await start(t, { clock, scenarios: [{ name: 'slow', do: [{ delay: { ms: 60_000 } }] }] })
  const client = connect({ port: emulator.port, host: '127.0.0.1', allowHalfOpen: true })
  client.write(`GET ${VM}?api-version=2024-03-01 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n\r\n`)
  await clock.asleep
  client.end()
  t.equal(await text(client), '')
})

t.test('close() does not wait for delays', async t => {
  const clock = new WatchedClock()
  const emulator = await build(t, { clock, scenarios: [{ name: 'slow', do: [{ delay: { ms: 60_000 } }] }] })
  const pending = get(emulator, `${VM}?api-version=2024-03-01`)
  await clock.asleep
  await emulator.close()
  t.equal((await pending).statusCode, 200)
})

t.test("scenarios apply only to requests that pass Azure's checks", async t => {
  const emulator = await build(t, { scenarios: [{ name: 'x', do: [{ error: { code: 'Conflict' } }] }] })
  t.equal((await runCommand(emulator, SHELL, { headers: { authorization: 'Basic x' } })).statusCode, 401)
  t.equal((await runCommand(emulator, { script: [] })).statusCode, 400)
  t.equal((await runCommand(emulator, SHELL, { apiVersion: 'soon' })).statusCode, 400)
  matchList(t, emulator.scenarios.list(), [{ matched: 0 }])
})

t.test('Prefer applies a named scenario, and Preference-Applied confirms it', async t => {
  const emulator = await build(t)
  const send = (prefer: string) => runCommand(emulator, SHELL, { headers: { prefer } })
  const responses = []
  for (let call = 0; call < 3; call++) {
    const { statusCode, headers } = await send('scenario=throttled-twice')
    responses.push([statusCode, headers['preference-applied']])
  }
  const throttled = [429, 'scenario=throttled-twice']
  t.strictSame(responses, [throttled, throttled, [202, undefined]], 'the scenario ends before the third call')
  t.strictSame((await send('wait=10, scenario="forbidden"')).statusCode, 403)
  t.equal((await runCommand(emulator, SHELL, { vmName: 'other' })).headers['preference-applied'], undefined)
  emulator.scenarios.put({ name: 'once', calls: '1', do: [{ delay: { ms: 0 } }] })
  const applied = async (vmName: string) =>
    (await runCommand(emulator, SHELL, { vmName, headers: { prefer: 'scenario=once' } })).headers['preference-applied']
  t.strictSame([await applied('one'), await applied('two')], ['scenario=once', undefined], 'though it could apply to a poll')
})

t.test('Prefer names a scenario whose name needs quotes, and so does its confirmation', async t => {
  const emulator = await build(t)
  const name = 'busy, then "well"'
  emulator.scenarios.put({ name, do: [{ error: { code: 'Conflict' } }] })
  const prefer = 'scenario="busy, then \\"well\\""'
  const { statusCode, headers } = await runCommand(emulator, SHELL, { headers: { prefer } })
  t.strictSame([statusCode, headers['preference-applied']], [409, prefer])
})

t.test('a named scenario that does not match is not confirmed, and is warned of once if the request starts an operation', async t => {
  const warnings: string[] = []
  const logger = pino({ level: 'warn' }, { write: line => { warnings.push(JSON.parse(line).msg) } })
  const emulator = await build(t, { logger })
  const headers = { ...AUTHORIZATION, prefer: 'scenario=throttled-twice' }
  const url = managedUrl({ name: 'cmd' })
  const body = { location: 'westus', properties: { source: { script: 'df -h' } } }
  for (let call = 0; call < 2; call++) {
    const { statusCode, headers: received } = await emulator.app.inject({ method: 'PUT', url, headers, body })
    t.strictSame([statusCode, received['preference-applied']], [call === 0 ? 201 : 200, undefined])
  }
  const read = await get(emulator, `${VM}?api-version=2024-03-01`, headers)
  t.strictSame([read.statusCode, read.headers['preference-applied']], [200, undefined])
  t.strictSame(warnings.filter(warning => warning.includes('Prefer')), ['Prefer: scenario=throttled-twice has no effect on ' +
    "VirtualMachineRunCommands_CreateOrUpdate: 'match' of the scenario is {\"operation\":\"VirtualMachine*_RunCommand\"}. " +
    'Write a scenario of your own that matches it'])
})

t.test('a named scenario for polls is confirmed if the operation can be polled', async t => {
  const emulator = await build(t)
  const send = async (prefer: string, name: string) => {
    emulator.scenarios.put({ name: 'poll-x', match: { operation: 'Operations_*', vmName: 'a*', script: 'df*' }, do: [{ error: { code: 'NotFound' } }] })
    const { statusCode, headers } = await runCommand(emulator, SHELL, { headers: { prefer }, vmName: name })
    return [statusCode, headers['preference-applied']]
  }
  t.strictSame(await send('scenario=poll-x', 'a1'), [202, 'scenario=poll-x'])
  t.strictSame(await send('respond-async, scenario=poll-x', 'a2'), [202, 'respond-async, scenario=poll-x'])
  t.strictSame(await send('wait=10, scenario=poll-x', 'a3'), [200, 'wait=10'])
  t.strictSame(await send('scenario=poll-x', 'b'), [202, undefined])
})

t.test('Preference-Applied confirms wait and a named scenario together', async t => {
  const emulator = await build(t)
  const { headers, statusCode } = await runCommand(emulator, SHELL, { headers: { prefer: 'wait=10, scenario=guest-x' }, vmName: 'a' })
  t.strictSame([statusCode, headers['preference-applied']], [400, undefined])
  emulator.scenarios.put({ name: 'guest-x', do: [{ guest: { exitCode: 3 } }] })
  const both = await runCommand(emulator, SHELL, { headers: { prefer: 'wait=10, scenario=guest-x' }, vmName: 'b' })
  t.strictSame([both.statusCode, both.headers['preference-applied']], [200, 'wait=10, scenario=guest-x'])
})

t.test('a scenario that the start of an operation names applies to its polls', async t => {
  const emulator = await build(t)
  const started = await runCommand(emulator, SHELL, { headers: { prefer: 'scenario=poll-fails-once' } })
  t.equal(started.statusCode, 202)
  const statuses = []
  for (let poll = 0; poll < 2; poll++) statuses.push((await get(emulator, `${started.headers['azure-asyncoperation']}`)).statusCode)
  t.strictSame(statuses, [500, 200])
})

t.test('a scenario that was removed after the start of an operation named it does not affect the polls', async t => {
  const emulator = await build(t)
  emulator.scenarios.put({ name: 'poll-x', match: { operation: 'Operations_Get' }, do: [{ poll: 'emptyBody' }] })
  const { headers } = await runCommand(emulator, SHELL, { headers: { prefer: 'scenario=poll-x' } })
  t.equal((await get(emulator, `${headers['azure-asyncoperation']}`)).body, '')
  emulator.scenarios.delete('poll-x')
  const poll = await get(emulator, `${headers['azure-asyncoperation']}`)
  t.strictSame([poll.statusCode, poll.json().status], [200, 'Succeeded'])
})

for (const [name, options, forget] of [
  ['without a journal', { journal: 0 }, undefined],
  ['whose start the journal has dropped', { journal: 1 }, (emulator: Emulator) => runCommand(emulator, SHELL, { vmName: 'other' })],
  ['whose start was deleted from the journal', {}, (emulator: Emulator) => emulator.journal.clear()]
] as const) {
  t.test(`a poll ${name} matches by the machine, which its error names`, async t => {
    const emulator = await build(t, options)
    emulator.scenarios.put({
      name: 'x',
      match: { operation: 'Operations_Get', resourceGroup: 'RG', vmName: 'DB-*' },
      do: [{ error: { code: 'ResourceNotFound' } }]
    })
    const started = [await runCommand(emulator, SHELL, { vmName: 'db-1' }), await runOnInstance(emulator, SHELL, { scaleSet: 'db-ss' })]
    await forget?.(emulator)
    const messages = []
    for (const { headers } of started) {
      const { error } = (await get(emulator, `${headers['azure-asyncoperation']}`)).json()
      messages.push(error?.message)
    }
    t.match(messages, [/virtualMachines\/db-1' under resource group 'rg'/, /db-ss_0' under resource group 'rg'/])
  })
}

t.test('polls of the deletion of a resource group match by the group', async t => {
  const emulator = await build(t)
  const match = { operation: 'OperationResults_Get', resourceGroup: 'g-*' }
  emulator.scenarios.put({ name: 'x', match, calls: '1', do: [{ error: { code: 'Odd', status: 500 } }] })
  for (const [group, statuses] of Object.entries({ other: [200, 200], 'g-1': [500, 200] })) {
    const url = `/subscriptions/${SUBSCRIPTION}/resourcegroups/${group}?api-version=2022-09-01`
    const { headers } = await emulator.app.inject({ method: 'DELETE', url, headers: AUTHORIZATION })
    for (const status of statuses) t.equal((await get(emulator, `${headers['location']}`)).statusCode, status)
  }
})

t.test('a scenario that the deletion of a resource group names applies to its polls, unless it is about those of Compute', async t => {
  const emulator = await build(t)
  const match = { operation: 'OperationResults_Get', resourceGroup: 'poll-x' }
  emulator.scenarios.put({ name: 'poll-x', match, calls: '1', do: [{ error: { code: 'Odd', status: 500 } }] })
  for (const [scenario, applied, statuses] of [['poll-x', 'scenario=poll-x', [500, 200]], ['poll-fails-once', undefined, [200, 200]]] as const) {
    const url = `/subscriptions/${SUBSCRIPTION}/resourcegroups/${scenario}?api-version=2022-09-01`
    const { headers } = await emulator.app.inject({ method: 'DELETE', url, headers: { ...AUTHORIZATION, prefer: `scenario=${scenario}` } })
    t.equal(headers['preference-applied'], applied)
    for (const status of statuses) t.equal((await get(emulator, `${headers['location']}`)).statusCode, status)
  }
})
