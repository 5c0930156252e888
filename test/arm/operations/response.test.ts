import { once } from 'node:events'
import { request } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { MemoryStore, VirtualClock, type Emulator, type EmulatorOptions } from '../../../src/index.js'
import { AUTHORIZATION, build, get, runCommand, start, SUBSCRIPTION } from '../../harness/emulator.js'

const START = '2020-10-12T11:06:10.506Z'
const SHELL = { commandId: 'RunShellScript', script: ['echo hello'] }
const HELLO = { fixtures: [{ name: 'hello', result: { stdout: 'hello\n' } }] }
/** Recorded (java_canRunScriptOnVM, exchange 8): compact, with both streams in one message. */
const RESULT = '{"value":[{"code":"ProvisioningState/succeeded","level":"Info","displayStatus":"Provisioning succeeded",' +
  '"message":"Enable succeeded: \\n[stdout]\\nhello\\n\\n[stderr]\\n"}]}'

t.test('returns the recorded status of an operation in progress, and of its end', async t => {
  // Recorded: java_canRunScriptOnVM, exchanges 1 and 7.
  const { emulator, clock, id, statusUrl } = await startCommand(t, { pace: 'azure', delay: 5000, ...HELLO })
  const running = await get(emulator, statusUrl)
  t.equal(running.statusCode, 200)
  t.match(running.body, new RegExp(`^{\\r\\n  "startTime": "${time('11:06:10\\.506')}",\\r\\n  "status": "InProgress",\\r\\n` +
    `  "name": "${id}"\\r\\n}$`))
  await clock.advance(5000)
  const ended = await get(emulator, statusUrl)
  t.equal(ended.statusCode, 200)
  const [head, rest] = ended.body.split('"properties"') as [string, string]
  t.match(head, new RegExp(`^{\\r\\n  "startTime": "${time('11:06:10\\.506')}",\\r\\n  "endTime": "${time('11:06:15\\.506')}",` +
    '\\r\\n  "status": "Succeeded",\\r\\n  $'))
  t.equal(rest, `: {\r\n    "output": ${RESULT}\r\n  },\r\n  "name": "${id}"\r\n}`)
})

t.test('responds with 202 at Location until the operation ends, then with the result', async t => {
  const { emulator, clock, resultUrl } = await startCommand(t, { pace: 'azure', delay: 5000, ...HELLO })
  await clock.advance(4999)
  const early = await get(emulator, resultUrl)
  t.equal(early.statusCode, 202)
  t.equal(early.body, '')
  t.equal(early.headers['location'], resultUrl)
  await clock.advance(1)
  const { statusCode, body } = await get(emulator, resultUrl)
  t.equal(statusCode, 200)
  t.equal(body, RESULT)
})

t.test('returns the error of a failed operation', async t => {
  // Recorded: azure-xplat-cli #2794. Inferred: the error at Location, with no 5xx, which clients would retry.
  const error = { code: 'VMAgentStatusCommunicationError', message: 'VM \'x\' says "no".' }
  const { emulator, id, statusUrl, resultUrl } = await startCommand(t, { fixtures: [{ name: 'fails', error }] })
  const { statusCode, body } = await get(emulator, statusUrl)
  t.equal(statusCode, 200)
  t.match(body, new RegExp(`^{\\r\\n  "startTime": "${time('11:06:10\\.506')}",\\r\\n  "endTime": "${time('11:06:10\\.506')}",` +
    '\\r\\n  "status": "Failed",\\r\\n  "error": {\\r\\n    "code": "VMAgentStatusCommunicationError",\\r\\n' +
    `    "message": "VM 'x' says \\\\"no\\\\"\\."\\r\\n  },\\r\\n  "name": "${id}"\\r\\n}$`))
  const result = await get(emulator, resultUrl)
  t.equal(result.statusCode, 409)
  t.strictSame(result.json(), { error })
})

t.test('returns times with up to seven decimals and no trailing zeros', async t => {
  // Recorded: `.944227+00:00`. The last four digits come from the end of the operation's id.
  const store = new MemoryStore()
  const emulator = await build(t, { store, operationUrls: 'plain' })
  const path = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/operations`
  const operations = store.records('endedOperations', { evictable: true })
  const fractions = { '0000': '', '0001': '.0000001', '0064': '.00001', '03e8': '.0001', '270f': '.0009999' }
  for (const [end, fraction] of Object.entries(fractions)) {
    const id = `5d424941-f944-4a5f-9b6a-0e285fa5${end}`
    const startTime = Date.parse('2020-10-12T11:06:10Z')
    operations.set({ collectionKey: path.toLowerCase(), nameKey: id }, {
      id, subscriptionId: SUBSCRIPTION, location: 'westus', status: 'Succeeded', startTime, endTime: startTime
    })
    const response = await get(emulator, `${path}/${id}?api-version=2024-03-01`)
    t.equal(response.json().startTime, `2020-10-12T11:06:10${fraction}+00:00`)
  }
})

t.test('returns a bare array in the status and the result for api-versions of 2017', async t => {
  // Recorded: azcli_vm__hybrid_*.
  const emulator = await build(t, HELLO)
  for (const apiVersion of ['2017-03-30', '2017-12-01', '2018-04-01']) {
    const { headers } = await runCommand(emulator, SHELL, { apiVersion })
    const status = await get(emulator, `${headers['azure-asyncoperation']}`)
    const result = await get(emulator, `${headers['location']}`)
    t.match(headers['location'], new RegExp(`api-version=${apiVersion}$`))
    t.equal(Array.isArray(status.json().properties.output), apiVersion < '2018', apiVersion)
    t.equal(Array.isArray(result.json()), apiVersion < '2018', apiVersion)
  }
})

t.test('indents the output from the first column only in the status of api-versions of 2017', async t => {
  // Recorded: all seven captures of 2017-12-01. The result at Location is compact in every capture.
  const emulator = await build(t, HELLO)
  const indented = '[\r\n  {\r\n    "code": "ProvisioningState/succeeded",\r\n    "level": "Info",\r\n' +
    '    "displayStatus": "Provisioning succeeded",\r\n' +
    '    "message": "Enable succeeded: \\n[stdout]\\nhello\\n\\n[stderr]\\n"\r\n  }\r\n]'
  for (const [apiVersion, output] of [
    ['2017-03-30', indented], ['2017-12-01', indented], ['2018-04-01', RESULT], ['2020-12-01', RESULT], ['2024-11-01', RESULT]
  ] as const) {
    const { headers } = await runCommand(emulator, SHELL, { apiVersion })
    const { body } = await get(emulator, `${headers['azure-asyncoperation']}`)
    t.equal(body.split('"properties"')[1], `: {\r\n    "output": ${output}\r\n  },\r\n  "name": "${headers['x-ms-request-id']}"\r\n}`)
    const result = await get(emulator, `${headers['location']}`)
    t.equal(result.body, apiVersion < '2018' ? RESULT.slice('{"value":'.length, -1) : RESULT)
  }
})

t.test('accepts the URL of the published sample, which has no question mark', async t => {
  // Documented: the 202 of VirtualMachineRunCommand.json in azure-rest-api-specs.
  const { emulator, resultUrl, operationUrl } = await startCommand(t, { ...HELLO, operationUrls: 'plain' })
  const expected = await get(emulator, resultUrl)
  for (const query of [
    '&monitor=true&api-version=2024-03-01',
    // What @azure/arm-compute turns it into.
    '&monitor=true&api-version=2024-03-01?api-version=2024-03-01',
    '&monitor=true?api-version=2024-03-01'
  ]) {
    const { statusCode, body } = await get(emulator, `${operationUrl}${query}`)
    t.equal(statusCode, 200, query)
    t.equal(body, expected.body, query)
  }
})

t.test('ignores the parameters of signed URLs of Azure with --operation-urls plain', async t => {
  // Recorded: azure-cli #32286. operation-urls.test.ts tests azrun's own signed URLs.
  const { emulator, operationUrl } = await startCommand(t, { ...HELLO, operationUrls: 'plain' })
  const signature = `t=638602596918886428&c=${'MIIH'.repeat(400)}&s=${'s'.repeat(342)}&h=${'h'.repeat(43)}`
  const p = 'p=e4ab3c1e-9a8f-4c39-9f0a-2c5a9f4d5b6c'
  const status = await get(emulator, `${operationUrl}?${p}&api-version=2024-11-01&${signature}`)
  t.equal(status.json().status, 'Succeeded')
  const result = await get(emulator, `${operationUrl}?${p}&monitor=true&api-version=2024-11-01&${signature}`)
  t.equal(result.body, RESULT)
})

t.test('returns the same status and result to repeated polls', async t => {
  const { emulator, statusUrl, resultUrl } = await startCommand(t, HELLO)
  const first = [await get(emulator, statusUrl), await get(emulator, resultUrl)]
  for (let count = 0; count < 3; count++) {
    t.equal((await get(emulator, statusUrl)).body, first[0]!.body)
    t.equal((await get(emulator, resultUrl)).body, first[1]!.body)
  }
})

t.test('finds an operation only in its own subscription and location, in any case', async t => {
  const { emulator, statusUrl, id } = await startCommand(t)
  const [path, query] = statusUrl.split('?') as [string, string]
  const found = await get(emulator, `${path.toUpperCase()}?${query}`)
  t.equal(found.json().name, id)
  for (const [part, other] of [
    [SUBSCRIPTION, '00000000-0000-0000-0000-000000000000'], ['/westus/', '/eastus/'],
    [id, '00000000-0000-4000-8000-000000000000'], [id, '__proto__'], [id, 'x'.repeat(3000)]
  ] as const) {
    const { statusCode, body } = await get(emulator, statusUrl.replace(part, other))
    t.equal(statusCode, 404, other.slice(0, 40))
    // Inferred from the same message for other entities.
    t.equal(body, '{\r\n  "error": {\r\n    "code": "NotFound",\r\n    "message": "The entity was not found in this Azure location."\r\n  }\r\n}')
  }
})

t.test('keeps at least as many of the newest operations as the capacity of its store', async t => {
  const emulator = await build(t, { store: new MemoryStore({ capacity: 5 }) })
  const statuses = async (urls: readonly string[]) =>
    await Promise.all(urls.map(async url => (await get(emulator, url)).statusCode))
  const urls: string[] = []
  for (let count = 0; count < 11; count++) urls.push(`${(await runCommand(emulator, SHELL)).headers['location']}`)
  t.strictSame(await statuses(urls), [...Array(5).fill(404), ...Array(6).fill(200)])
})

t.test('an operation stays in progress for the delay or the duration of the script, whichever is longer', async t => {
  const slow = { fixtures: [{ name: 'slow', result: { durationMs: 7000 } }] }
  for (const [options, ms] of [[{ delay: 3000 }, 3000], [slow, 7000], [{ delay: 3000, ...slow }, 7000]] as const) {
    const { emulator, clock, statusUrl } = await startCommand(t, { pace: 'azure', ...options })
    await clock.advance(ms - 1)
    t.equal((await get(emulator, statusUrl)).json().status, 'InProgress')
    await clock.advance(1)
    t.equal((await get(emulator, statusUrl)).json().status, 'Succeeded')
  }
})

t.test('holds a poll until the operation ends', async t => {
  const { emulator, clock, statusUrl, resultUrl } = await startCommand(t, { delay: 5000, ...HELLO })
  const polls = [watch(get(emulator, statusUrl)), watch(get(emulator, resultUrl))]
  await clock.advance(4999)
  t.strictSame(await Promise.all(polls.map(poll => poll.isHeld())), [true, true])
  await clock.advance(1)
  const [status, result] = await Promise.all(polls.map(({ response }) => response))
  t.equal(status!.json().status, 'Succeeded')
  t.equal(result!.body, RESULT)
  t.notOk('retry-after' in status!.headers || 'retry-after' in result!.headers)
})

t.test('holds a poll for ten seconds, then responds InProgress with a Retry-After', async t => {
  const { emulator, clock, statusUrl, resultUrl } = await startCommand(t, { delay: 60_000 })
  const polls = [watch(get(emulator, statusUrl)), watch(get(emulator, resultUrl))]
  t.strictSame(await Promise.all(polls.map(poll => poll.isHeld())), [true, true])
  await clock.advance(9999)
  t.strictSame(await Promise.all(polls.map(poll => poll.isHeld())), [true, true])
  await clock.advance(1)
  const [status, result] = await Promise.all(polls.map(({ response }) => response))
  t.equal(status!.json().status, 'InProgress')
  t.equal(result!.statusCode, 202)
  for (const { headers } of [status!, result!]) t.match(headers, { 'retry-after': '1', 'retry-after-ms': '1' })
})

t.test('returns a short Retry-After with the 202, because some clients would otherwise wait for 30 s', async t => {
  const { headers } = await runCommand(await build(t), { commandId: 'RunShellScript' })
  t.match(headers, { 'retry-after': '1', 'retry-after-ms': '1' })
})

t.test("responds to a poll at once and without Retry-After at Azure's pace", async t => {
  // Recorded: ps_TestVirtualMachineSetRunCommand_polls and others.
  const { emulator, statusUrl, resultUrl } = await startCommand(t, { delay: 60_000, pace: 'azure' })
  const { headers } = await runCommand(emulator, { commandId: 'RunShellScript' }, { vmName: 'another' })
  const status = await get(emulator, statusUrl)
  const result = await get(emulator, resultUrl)
  t.equal(status.json().status, 'InProgress')
  t.equal(result.statusCode, 202)
  for (const each of [headers, status.headers, result.headers]) t.notOk('retry-after' in each || 'retry-after-ms' in each)
})

t.test('refuses a run command with 409 while the machine runs another one, and accepts it afterwards', async t => {
  // Recorded: issue_azurecli_32305. The names differ in case.
  const { emulator, clock, statusUrl } = await startCommand(t, { delay: 5000 })
  const busy = await runCommand(emulator, SHELL, { vmName: 'VM', resourceGroup: 'RG' })
  t.equal(busy.statusCode, 409)
  t.equal(busy.json().error.code, 'Conflict')
  t.equal((await runCommand(emulator, SHELL, { vmName: 'other' })).statusCode, 202)
  await clock.advance(5000)
  t.equal((await get(emulator, statusUrl)).json().status, 'Succeeded')
  t.equal((await runCommand(emulator, SHELL)).statusCode, 202)
})

t.test('continues the operation if a polling client disconnects', async t => {
  const clock = new VirtualClock()
  const emulator = await start(t, { clock, delay: 5000 })
  const { headers } = await runCommand(emulator, SHELL)
  const url = `${headers['azure-asyncoperation']}`
  const poll = request(url.replace(/^https?:\/\/[^/]+/, emulator.httpUrl), { headers: AUTHORIZATION, agent: false })
  poll.on('error', () => {})
  poll.end()
  const [, response] = await once(emulator.app.server, 'request')
  // After a FIN azrun would still respond, because a client may close only its half.
  poll.socket!.resetAndDestroy()
  await once(response, 'close')
  await clock.advance(5000)
  t.equal((await get(emulator, url)).json().status, 'Succeeded')
})

t.test('close() cancels running operations, and responds to waiting clients', async t => {
  const { emulator, statusUrl, resultUrl } = await startCommand(t, { delay: 3_600_000 })
  const waiting = [
    watch(get(emulator, statusUrl)),
    watch(get(emulator, resultUrl)),
    watch(runCommand(emulator, SHELL, { vmName: 'other', headers: { prefer: 'wait=3600' } }))
  ]
  t.strictSame(await Promise.all(waiting.map(each => each.isHeld())), [true, true, true])
  await emulator.close()
  const error = { code: 'OperationCanceled', message: 'azrun was stopped before the operation ended.' }
  const [status, result, post] = await Promise.all(waiting.map(({ response }) => response))
  t.match(status!.json(), { status: 'Canceled', error })
  for (const response of [result!, post!]) {
    t.equal(response.statusCode, 409)
    t.strictSame(response.json(), { error })
  }
})

interface Started {
  readonly emulator: Emulator
  readonly clock: VirtualClock
  readonly id: string
  readonly operationUrl: string
  readonly statusUrl: string
  readonly resultUrl: string
}

/** Starts a run command at `START`. */
async function startCommand (t: Test, options: EmulatorOptions = {}): Promise<Started> {
  const clock = new VirtualClock(new Date(START))
  const emulator = await build(t, { clock, ...options })
  const { statusCode, headers } = await runCommand(emulator, SHELL)
  t.equal(statusCode, 202)
  const statusUrl = `${headers['azure-asyncoperation']}`
  const id = `${headers['x-ms-request-id']}`
  return { emulator, clock, id, statusUrl, resultUrl: `${headers['location']}`, operationUrl: statusUrl.split('?')[0]! }
}

/** A response, and a function that says whether it is still pending after all work that can be done now. */
function watch<Value> (response: Promise<Value>): { response: Promise<Value>, isHeld (): Promise<boolean> } {
  let held = true
  response.finally(() => { held = false })
  return {
    response,
    async isHeld () {
      for (let turn = 0; turn < 20; turn++) await setImmediate()
      return held
    }
  }
}

/** A pattern for a time on the day of `START`, with Azure's digits beyond the milliseconds. */
function time (seconds: string): string {
  return `2020-10-12T${seconds}\\d{0,4}\\+00:00`
}
