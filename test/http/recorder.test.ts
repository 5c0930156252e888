import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { OWN_USER_AGENT } from '../../src/core/own-user-agent.js'
import { VirtualClock } from '../../src/index.js'
import { AUTHORIZATION, start, SUBSCRIPTION } from '../harness/emulator.js'
import { matchList } from '../harness/match-list.js'
import { WatchedClock } from '../harness/watched-clock.js'

const RUN = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm/runCommand?api-version=2024-03-01`
const SHELL = JSON.stringify({ commandId: 'RunShellScript', script: ['df -h'] })
const LOGIN = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'a', client_secret: 'b', scope: 'https://management.azure.com/.default' })

/** A clock that knows when a poll is held: azrun then sleeps for 10 seconds at most. */
class HoldingClock extends VirtualClock {
  readonly holding: Promise<void>
  #held = () => {}

  constructor () {
    super()
    this.holding = new Promise(resolve => { this.#held = resolve })
  }

  override sleep (ms: number, signal?: AbortSignal): Promise<void> {
    if (ms === 10_000) this.#held()
    return super.sleep(ms, signal)
  }
}

t.test('a request whose client leaves during a delay is in the journal, without a response', async t => {
  const requests = {
    VirtualMachines_RunCommand: { path: RUN, type: 'application/json', body: SHELL },
    Tokens_IssueV2: { path: '/organizations/oauth2/v2.0/token', type: 'application/x-www-form-urlencoded', body: `${LOGIN}` }
  }
  for (const [operation, { path, type, body }] of Object.entries(requests)) {
    const clock = new WatchedClock()
    const { httpUrl, journal } = await start(t, { clock, scenarios: [{ name: 'slow', do: [{ delay: { ms: 60_000 } }] }] })
    const client = new AbortController()
    const sent = fetch(`${httpUrl}${path}`, { method: 'POST', headers: { ...AUTHORIZATION, 'content-type': type }, body, signal: client.signal })
    await clock.asleep
    await clock.advance(1500)
    client.abort()
    await t.rejects(sent)
    const { value } = await journal.waitFor({ operation })
    matchList(t, value, [{ durationMs: 1500, scenario: 'slow', response: { headers: {} } }])
    const [entry] = value
    t.strictSame([entry!.status, entry!.operationId, entry!.findings.length], [undefined, undefined, 0])
    t.match(entry!.request.body, operation === 'Tokens_IssueV2' ? 'client_secret=<redacted>' : SHELL)
  }
})

t.test('a request that breaks off within its body is in the journal, without a response', async t => {
  const { journal, port } = await start(t)
  const client = connect(port, '127.0.0.1')
  await once(client, 'connect')
  const head = ['Host: management.azure.com', 'Authorization: Bearer any', 'Content-Type: application/json', 'Content-Length: 100']
  client.write(`POST ${RUN} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n{"commandId":`, () => client.resetAndDestroy())
  const { value } = await journal.waitFor({ operation: 'VirtualMachines_RunCommand' })
  matchList(t, value, [{ method: 'POST', response: { headers: {} } }])
  t.strictSame([value[0]!.status, value[0]!.findings.length], [undefined, 0])
})

t.test('a client that ends its side of the connection while its poll is held gets the response', async t => {
  const clock = new HoldingClock()
  const { app, httpUrl, journal, port } = await start(t, { clock, delay: 1000 })
  const headers = { ...AUTHORIZATION, 'content-type': 'application/json' }
  const started = await app.inject({ method: 'POST', url: RUN, headers, body: SHELL })
  const { pathname, search } = new URL(`${started.headers['azure-asyncoperation']}`)
  const client = connect(port, '127.0.0.1')
  const received = text(client)
  client.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\nConnection: close\r\n\r\n`)
  await clock.holding
  await new Promise<void>(resolve => { client.end(resolve) })
  // By the time of this response, azrun has seen the end.
  await fetch(`${httpUrl}/_emulator/clock`)
  await clock.advance(1000)
  t.match(await received, /^HTTP\/1\.1 200 .*"Succeeded"/s)
  matchList(t, journal.list({ operation: 'Operations_Get' }).value, [{ status: 200 }])
})

t.test("azrun's own requests are not in the journal, and no scenario counts or affects them", async t => {
  const scenarios = [{ name: 'down', do: [{ error: { status: 429, code: 'TooManyRequests' } }] }]
  const emulator = await start(t, { scenarios })
  const headers = { ...AUTHORIZATION, 'content-type': 'application/json', 'user-agent': OWN_USER_AGENT }
  const { status } = await fetch(`${emulator.httpUrl}${RUN}`, { method: 'POST', headers, body: SHELL })
  t.equal(status, 202)
  t.strictSame(emulator.journal.list().value, [])
  matchList(t, emulator.scenarios.list(), [{ name: 'down', matched: 0 }])
})

t.test("no request to azrun's own API is in the journal, whatever its method", async t => {
  const { httpUrl, journal } = await start(t)
  for (const path of ['/_emulator', '/_emulator?a', '/_emulator/state', '//_emulator/state', '/_EMULATOR/state']) {
    t.equal((await fetch(httpUrl + path, { method: 'PROPFIND' })).status, 405, path)
  }
  t.strictSame(journal.list().value, [])
  await fetch(`${httpUrl}/_emulators`, { method: 'PROPFIND' })
  matchList(t, journal.list().value, [{ method: 'PROPFIND', status: 400 }])
})

t.test('a request with a malformed URL is in the journal, and took no time', async t => {
  const { httpUrl, journal } = await start(t)
  await fetch(`${httpUrl}/subscriptions/%zz`)
  matchList(t, journal.list().value, [{ status: 400, durationMs: 0 }])
})

t.test('a client with the User-Agent azrun is a client like any other', async t => {
  const scenarios = [{ name: 'down', do: [{ error: { status: 429, code: 'TooManyRequests' } }] }]
  const { httpUrl, journal } = await start(t, { scenarios })
  const headers = { ...AUTHORIZATION, 'content-type': 'application/json', 'user-agent': 'azrun' }
  const { status } = await fetch(`${httpUrl}${RUN}`, { method: 'POST', headers, body: SHELL })
  t.equal(status, 429)
  matchList(t, journal.list().value, [{ status: 429, scenario: 'down' }])
})
