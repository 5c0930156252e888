import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import type { RunningEmulator } from '../../src/index.js'
import { API_VERSION, AUTHORIZATION, runCommandUrl, start, SUBSCRIPTION } from '../harness/emulator.js'
import { receivedText } from '../harness/one-port.js'
import { tokenOf } from '../harness/pages.js'
import { converse, exchange } from '../harness/wire.js'

const PAGE = 'https://evil.example'
const SCRIPT = '{"commandId":"RunShellScript","script":["echo hi"]}'
const LOGIN = `grant_type=client_credentials&client_id=${SUBSCRIPTION}&client_secret=b&scope=https://management.azure.com/.default`
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }

/** What a page could try to reach: a script, a subscription, a token from each endpoint, the state of azrun. */
const TARGETS = [
  { path: runCommandUrl(), method: 'POST', body: SCRIPT, headers: { ...AUTHORIZATION, 'Content-Type': 'application/json' } },
  { path: runCommandUrl(), method: 'POST', body: SCRIPT, headers: { 'Content-Type': 'text/plain' } },
  { path: `/subscriptions/${SUBSCRIPTION}?api-version=${API_VERSION}`, method: 'GET', headers: AUTHORIZATION },
  { path: '/common/oauth2/v2.0/token', method: 'POST', body: LOGIN, headers: FORM },
  { path: '/metadata/identity/oauth2/token?api-version=2018-02-01&resource=a', method: 'GET', headers: { Metadata: 'true' } },
  { path: '/msi/token', method: 'POST', body: 'resource=a', headers: { ...FORM, Metadata: 'true' } },
  { path: '/_emulator/health', method: 'GET', headers: {} }
]

async function assertRefused (t: Test, emulator: RunningEmulator, headers: Record<string, string>): Promise<void> {
  for (const { path, headers: own, ...request } of TARGETS) {
    const { status, body } = await exchange(emulator, `${emulator.httpUrl}${path}`, { ...request, headers: { ...own, ...headers } })
    t.equal(status, 403, `${request.method} ${path}`)
    t.match(`${body}`, 'azrun refuses requests whose', path)
  }
}

t.test('refuses every request of a web page that knows the port', async t => {
  const emulator = await start(t)
  for (const Origin of [PAGE, 'null', emulator.httpUrl]) await assertRefused(t, emulator, { Origin })
})

t.test('refuses a web page whose host name now resolves to this machine (DNS rebinding)', async t => {
  const emulator = await start(t)
  for (const Host of [`evil.example:${emulator.port}`, 'management.azure.com.evil.example', 'localhost.evil.example']) {
    await assertRefused(t, emulator, { Host })
  }
})

t.test('accepts every address and name of this machine as its host, with any port', async t => {
  const emulator = await start(t)
  for (const host of ['10.1.2.3', '172.17.0.1:8080', '[fd00::1]', '[::1]:443', 'localhost', 'LOCALHOST.:1', 'azrun.localhost']) {
    const received = await converse(emulator, `GET /_emulator/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    t.match(received, /^HTTP\/1\.1 200 /, host)
  }
})

t.test('refuses a web page whose browser uses azrun as its proxy', async t => {
  const emulator = await start(t)
  const received = await converse(emulator, `POST http://management.azure.com${runCommandUrl()} HTTP/1.1\r\nHost: management.azure.com\r\n` +
    `Origin: ${PAGE}\r\nContent-Type: text/plain\r\nContent-Length: ${SCRIPT.length}\r\nConnection: close\r\n\r\n${SCRIPT}`)
  t.match(received, /^HTTP\/1\.1 403 /)
})

t.test("accepts azrun's own pages, by their origin and a token that only they have", async t => {
  const emulator = await start(t)
  const { httpUrl, url, port } = emulator
  const own = { Origin: httpUrl, 'X-Azrun-Page': await tokenOf(emulator) }
  const statuses: number[] = []
  for (const { path, headers, ...request } of TARGETS) {
    statuses.push((await exchange(emulator, `${httpUrl}${path}`, { ...request, headers: { ...headers, ...own } })).status)
  }
  t.strictSame(statuses, [202, 401, 200, 200, 200, 200, 200])
  const overTls = { ...own, Origin: url }
  const { status } = await exchange(emulator, `${url}/_emulator/health`, { method: 'GET', headers: overTls })
  t.equal(status, 200)
  const token = own['X-Azrun-Page']
  const foreign = [url, PAGE, 'null', `http://localhost:${port}`, `http://127.0.0.1:${port + 1}`, 'http://127.0.0.1']
  for (const Origin of foreign) await assertRefused(t, emulator, { ...own, Origin })
  const guesses = ['', 'a'.repeat(43), token.slice(1), `${token}a`, token.toLowerCase(), 'ä'.repeat(43), await tokenOf(await start(t))]
  for (const guess of guesses) await assertRefused(t, emulator, { ...own, 'X-Azrun-Page': guess })
  const rebound = { Origin: `http://evil.example:${port}`, Host: `evil.example:${port}` }
  await assertRefused(t, emulator, { ...own, ...rebound })
})

/** Headers that a proxy and the server behind it may read as different body lengths. */
const AMBIGUOUS = {
  'two lengths': 'Content-Length: 5\r\nContent-Length: 6\r\n',
  'a list of lengths': 'Content-Length: 5, 6\r\n',
  'a length and chunks': 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
  'an unknown coding': 'Transfer-Encoding: chunked, hidden\r\n',
  'a folded header': 'Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n'
}

t.test('refuses a request with an ambiguous length and handles nothing after it', async t => {
  const emulator = await start(t)
  const smuggled = `POST ${runCommandUrl()} HTTP/1.1\r\nHost: management.azure.com\r\n\r\n`
  for (const [what, lines] of Object.entries(AMBIGUOUS)) {
    const request = `POST /subscriptions HTTP/1.1\r\nHost: management.azure.com\r\n${lines}\r\n0\r\n\r\n${smuggled}`
    for (const received of [await converse(emulator, request), await throughTunnel(emulator, request)]) {
      t.match(received, /^HTTP\/1\.1 400 /, what)
      t.equal(received.match(/HTTP\/1\.1 /g)?.length, 1, what)
    }
  }
})

/** The response to a request through a tunnel to Azure. */
async function throughTunnel ({ port, caFile }: RunningEmulator, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write('CONNECT management.azure.com:443 HTTP/1.1\r\nHost: management.azure.com\r\n\r\n')
  await once(socket, 'data')
  const secure = connectTls({ socket, servername: 'management.azure.com', ca: readFileSync(caFile) })
  await once(secure, 'secureConnect')
  const received = receivedText(secure)
  secure.write(request)
  return await received
}
