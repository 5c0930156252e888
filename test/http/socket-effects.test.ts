import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { EmulatorOptions, Executor, RunningEmulator } from '../../src/index.js'
import { CLOSE_GRACE_PERIOD } from '../../src/listener/one-port.js'
import type { Match } from '../../src/matching/match.js'
import type { SocketEffect } from '../../src/scenarios/scenario.js'
import { VirtualClock } from '../../src/time/virtual-clock.js'
import { affect } from '../harness/effects.js'
import { API_VERSION, AUTHORIZATION, build, get, runCommandUrl, start, SUBSCRIPTION } from '../harness/emulator.js'
import { connectionsLeft } from '../harness/one-port.js'
import { received, ROUTES, type Route } from '../harness/routes.js'
import { holdTimers } from '../harness/timers.js'

const DOCUMENT = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/runCommands/RunShellScript`
const GET_DOCUMENT = { operation: 'VirtualMachineRunCommands_Get' }
const PLAIN = ROUTES['plain HTTP']!

/** The text of a GET. `last` asks for the connection to be closed after it. */
function getText (path: string, { origin = '', last = false, more = '', version = '1.1' } = {}): string {
  const closing = last ? 'Connection: close\r\n' : ''
  return `GET ${origin}${path} HTTP/${version}\r\nHost: management.azure.com\r\nAuthorization: Bearer a-token\r\n${closing}${more}\r\n`
}

const document = (options?: Parameters<typeof getText>[1]) => getText(`${DOCUMENT}?api-version=${API_VERSION}`, options)
const groups = (options?: Parameters<typeof getText>[1]) =>
  getText(`/subscriptions/${SUBSCRIPTION}/resourcegroups?api-version=2022-09-01`, options)

type Options = EmulatorOptions & { readonly match?: Match }

async function begin (t: Test, socket: SocketEffect, { match = GET_DOCUMENT, ...options }: Options = {}) {
  const emulator = await start(t, options)
  await affect(emulator, match, { socket })
  return emulator
}

/** Sends this text over a new connection and returns everything that arrives. */
async function sendText (emulator: RunningEmulator, text: string, { open }: Route = PLAIN) {
  const socket = await open(emulator)
  socket.write(text)
  return await received(socket)
}

/** Splits a response into its head and body. */
function partsOf (text: string): { readonly head: string, readonly body: string } {
  const end = text.indexOf('\r\n\r\n') + 4
  return { head: text.slice(0, end), body: text.slice(end) }
}

function lengthIn (head: string): number {
  return Number(/^Content-Length: (\d+)\r$/im.exec(head)![1])
}

for (const [name, route] of Object.entries(ROUTES)) {
  t.test(`a connection over ${name} can be reset, closed, and truncated in the body`, async t => {
    const emulator = await start(t)
    const text = document({ origin: route.origin })
    await affect(emulator, { ...GET_DOCUMENT, header: { 'x-what': 'reset' } }, { socket: 'reset' })
    await affect(emulator, { ...GET_DOCUMENT, header: { 'x-what': 'close' } }, { socket: 'close' })
    await affect(emulator, { ...GET_DOCUMENT, header: { 'x-what': 'truncate' } }, { socket: { truncate: 100 } })
    const withEffect = async (what: string) => await sendText(emulator, text.replace(/\r\n$/, `X-What: ${what}\r\n\r\n`), route)

    t.strictSame(await withEffect('reset'), { text: '', code: 'ECONNRESET' })
    t.strictSame(await withEffect('close'), { text: '', code: undefined })
    const { text: truncated, code } = await withEffect('truncate')
    const { head, body } = partsOf(truncated)
    t.match(head, /^HTTP\/1\.1 200 OK\r\n/)
    t.equal(body.length, 100)
    t.ok(lengthIn(head) > 100)
    t.equal(code, undefined)
  })

  t.test(`a connection over ${name} that stalls stays open until the client closes its side`, async t => {
    const emulator = await begin(t, 'stall')
    const socket = await route.open(emulator)
    socket.write(document({ origin: route.origin }))
    const [, response] = await once(emulator.app.server, 'request')
    for (let turn = 0; turn < 20; turn++) await setImmediate()
    t.notOk(response.destroyed)
    socket.end()
    t.match(await received(socket), { text: '' })
    t.equal(await connectionsLeft(emulator.app.server as never), 0)
  })

  t.test(`a response over ${name} drips by the clock, and then the connection serves the next request`, async t => {
    const clock = new VirtualClock()
    const emulator = await begin(t, { drip: 1000 }, { clock, match: { ...GET_DOCUMENT, header: { 'x-what': 'drip' } } })
    const socket = await route.open(emulator)
    const { origin } = route
    let text = ''
    socket.on('data', chunk => { text += chunk.toString('latin1') })
    socket.write(document({ origin, more: 'X-What: drip\r\n' }) + document({ origin, last: true }))
    await once(socket, 'data')
    for (const length of [100, 200, 300]) {
      while (text.length < length) await setImmediate()
      t.equal(text.length, length)
      await clock.advance(100)
    }
    await clock.advance(60_000)
    await once(socket, 'close')
    const first = partsOf(text)
    const length = lengthIn(first.head)
    const second = partsOf(first.body.slice(length))
    t.match(first.head, /^HTTP\/1\.1 200 OK\r\n[^]*Connection: keep-alive\r\n/)
    t.match(second.head, /^HTTP\/1\.1 200 OK\r\n[^]*Connection: close\r\n/)
    t.equal(first.body.slice(0, length), second.body)
  })
}

t.test('closing azrun closes a stalled connection at once', async t => {
  const emulator = await begin(t, 'stall')
  const socket = await PLAIN.open(emulator)
  socket.write(document())
  await once(emulator.app.server, 'request')
  const grace = holdTimers(t, CLOSE_GRACE_PERIOD)
  await Promise.all([emulator.close(), received(socket)])
  t.equal(grace.fired, 0)
})

t.test('a connection that would stall closes at once if the client has ended its side, or azrun is closing', async t => {
  for (const isClosing of [false, true]) {
    let [end, begin] = [() => {}, () => {}]
    const begun = new Promise<void>(resolve => { begin = resolve })
    const executor: Executor = {
      async execute (_execution, { signal }) {
        const ended = new Promise<void>(resolve => { end = resolve })
        signal.addEventListener('abort', end)
        begin()
        await ended
        return { exitCode: 0, stdout: '', stderr: '' }
      }
    }
    const emulator = await start(t, { executor, respond: 'immediate' })
    await affect(emulator, { operation: 'VirtualMachines_RunCommand' }, { socket: 'stall' })
    const socket = await PLAIN.open(emulator)
    const text = received(socket)
    socket.write(post('first'))
    const [{ socket: serverSide }] = await once(emulator.app.server, 'request') as [IncomingMessage]
    await begun
    const grace = holdTimers(t, CLOSE_GRACE_PERIOD)
    if (isClosing) {
      await emulator.close()
      t.equal(grace.fired, 0)
    } else {
      socket.end()
      await once(serverSide, 'end')
      end()
    }
    t.match(await text, { text: '' })
  }
})

t.test('closing azrun closes the connection of a dripping response at once', async t => {
  const emulator = await begin(t, { drip: 1 }, { clock: new VirtualClock() })
  const socket = await PLAIN.open(emulator)
  socket.write(document())
  const [first] = await once(socket, 'data')
  t.equal(`${first}`, 'H')
  const grace = holdTimers(t, CLOSE_GRACE_PERIOD)
  await Promise.all([emulator.close(), received(socket)])
  t.equal(grace.fired, 0)
})

t.test('a client that closes its connection ends a drip', async t => {
  const clock = new VirtualClock()
  const emulator = await begin(t, { drip: 10 }, { clock })
  const socket = await PLAIN.open(emulator)
  socket.write(document())
  await once(socket, 'data')
  socket.resetAndDestroy()
  t.equal(await connectionsLeft(emulator.app.server as never), 0)
})

t.test('requests before one that breaks the connection get responses, and those after it are not handled', async t => {
  for (const effect of ['reset', 'close', { truncate: 10 }] as const) {
    const runs: string[] = []
    const emulator = await begin(t, effect, { executor: recording(runs) })
    const socket = await PLAIN.open(emulator)
    socket.write(groups())
    const [first] = await once(socket, 'data')
    t.match(`${first}`, /^HTTP\/1\.1 200 OK/)
    socket.write(document() + post('next'))
    await received(socket)
    t.strictSame(runs, [], JSON.stringify(effect))
  }
})

t.test('a request after one that stalls is not handled, even when the connection closes', async t => {
  const runs: string[] = []
  const emulator = await begin(t, 'stall', { executor: recording(runs) })
  const socket = await PLAIN.open(emulator)
  socket.write(document() + post('next'))
  await once(emulator.app.server, 'request')
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  socket.end()
  t.match(await received(socket), { text: '' })
  t.strictSame(runs, [])
})

t.test('a command runs even if its request breaks the connection', async t => {
  for (const effect of ['reset', 'close', 'stall', { truncate: 0 }] as const) {
    const runs: string[] = []
    const match = { operation: 'VirtualMachines_RunCommand' }
    const emulator = await begin(t, effect, { match, executor: recording(runs) })
    const socket = await PLAIN.open(emulator)
    socket.end(post('vm'))
    await received(socket)
    t.strictSame(runs, ['vm'], JSON.stringify(effect))
  }
})

t.test('a chunked body is truncated within its chunk', async t => {
  const emulator = await begin(t, { truncate: 5 })
  const text = getText(`${DOCUMENT}?api-version=2020-06-01`, { more: 'Accept-Encoding: identity\r\n' })
  const { head, body } = partsOf((await sendText(emulator, text)).text)
  t.match(head, /\r\nTransfer-Encoding: chunked\r\n/)
  t.match(body, /^[\da-f]{2,}\r\n[^]{5}$/)
})

t.test('a body that is shorter than the truncation arrives in full', async t => {
  const emulator = await begin(t, { truncate: 100_000 })
  const { head, body } = partsOf((await sendText(emulator, document())).text)
  t.equal(body.length, lengthIn(head))
})

t.test('a dripping response closes the connection if an ordinary one would', async t => {
  const emulator = await begin(t, { drip: 1_000_000 })
  for (const text of [document({ last: true }), document({ version: '1.0' })]) {
    const { head, body } = partsOf((await sendText(emulator, text)).text)
    t.match(head, /\r\nConnection: close\r\n/)
    t.equal(body.length, lengthIn(head))
  }
})

t.test("Entra's connections have the same effects", async t => {
  const path = `/${SUBSCRIPTION}/v2.0/.well-known/openid-configuration`
  const match = { operation: 'OpenIdConfiguration_GetV2' }
  const ordinary = await sendText(await start(t), getText(path, { last: true }))
  for (const [effect, code] of [['reset', 'ECONNRESET'], ['close', undefined]] as const) {
    t.strictSame(await sendText(await begin(t, effect, { match }), getText(path)), { text: '', code })
  }
  const { head, body } = partsOf((await sendText(await begin(t, { truncate: 7 }, { match }), getText(path))).text)
  t.equal(lengthIn(head), lengthIn(partsOf(ordinary.text).head))
  t.equal(body, partsOf(ordinary.text).body.slice(0, 7))
  const dripping = await begin(t, { drip: 1_000_000 }, { match })
  const dripped = partsOf((await sendText(dripping, getText(path, { last: true }))).text)
  t.strictSame(namesIn(dripped.head), namesIn(partsOf(ordinary.text).head))
  t.equal(dripped.body, partsOf(ordinary.text).body)
})

t.test('the journal has a request without a response once, without a status, and marks a truncated one', async t => {
  const path = `/${SUBSCRIPTION}/v2.0/.well-known/openid-configuration`
  const requests = [[GET_DOCUMENT, document()], [{ operation: 'OpenIdConfiguration_GetV2' }, getText(path)]] as const
  const effects = [
    ['reset', undefined, undefined], ['close', undefined, undefined], ['stall', undefined, undefined],
    [{ truncate: 1 }, 200, true], [{ truncate: 1_000_000 }, 200, undefined]
  ] as const
  for (const [effect, status, isCut] of effects) {
    for (const [match, text] of requests) {
      const emulator = await begin(t, effect, { match })
      const socket = await PLAIN.open(emulator)
      socket.end(text)
      await received(socket)
      const { value } = (await emulator.app.inject('/_emulator/requests')).json()
      const [{ operation, status: shown, isCut: cut }] = value
      t.strictSame([operation, shown, cut], [match.operation, status, isCut], JSON.stringify(effect))
      t.equal(value.length, 1)
    }
  }
})

t.test('an error is truncated like any other response', async t => {
  const emulator = await begin(t, { truncate: 3 }, { match: { operation: 'Operations_Get' } })
  const path = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Compute/locations/westus/operations/${SUBSCRIPTION}`
  const { head, body } = partsOf((await sendText(emulator, getText(`${path}?api-version=${API_VERSION}`))).text)
  t.match(head, /^HTTP\/1\.1 404 /)
  t.equal(body.length, 3)
})

t.test('the response to a HEAD has no body, even if it drips or is truncated', async t => {
  const emulator = await start(t)
  for (const socket of [{ drip: 1_000_000 }, { truncate: 3 }] as const) {
    emulator.scenarios.put({ name: 'x', do: [{ answer: { body: 'text' } }, { socket }] })
    const { head, body } = partsOf((await sendText(emulator, groups({ last: true }).replace(/^GET/, 'HEAD').replace('?', '/rg?'))).text)
    t.match(head, /^HTTP\/1\.1 200 OK\r\n[^]*Content-Length: 4\r\n/)
    t.equal(body, '', JSON.stringify(socket))
  }
})

t.test('inject rejects if the connection breaks, or stalls until the emulator closes', async t => {
  for (const socket of ['reset', 'close', { truncate: 3 }] as const) {
    const emulator = await build(t)
    await affect(emulator, GET_DOCUMENT, { socket })
    await t.rejects(get(emulator, `${DOCUMENT}?api-version=${API_VERSION}`), { code: 'ECONNRESET' })
  }
  const emulator = await build(t)
  await affect(emulator, GET_DOCUMENT, { socket: 'stall' })
  const stalled = t.rejects(get(emulator, `${DOCUMENT}?api-version=${API_VERSION}`), { code: 'ECONNRESET' })
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  await emulator.close()
  await stalled
})

t.test('inject resolves once the whole response would have arrived', async t => {
  const clock = new VirtualClock()
  const emulator = await build(t, { clock })
  await affect(emulator, GET_DOCUMENT, { socket: { drip: 1000 } })
  let response: { readonly statusCode: number } | undefined
  const dripping = get(emulator, `${DOCUMENT}?api-version=${API_VERSION}`).then(each => { response = each })
  for (let turn = 0; turn < 20; turn++) await setImmediate()
  await clock.advance(500)
  t.equal(response, undefined)
  await clock.advance(60_000)
  await dripping
  t.equal(response?.statusCode, 200)
})

const SHELL = { commandId: 'RunShellScript', script: ['echo hi'] }

/** The text of a runCommand on this machine. */
function post (vmName: string): string {
  const body = JSON.stringify(SHELL)
  return `POST ${runCommandUrl({ vmName })} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${AUTHORIZATION.authorization}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

/** An executor that adds the machine of each command to `runs`. */
function recording (runs: string[]): Executor {
  return {
    execute ({ vm }) {
      runs.push(vm.id.name)
      return { exitCode: 0, stdout: '', stderr: '' }
    }
  }
}

/** The names of the headers, in lower case and sorted, because Node adds its own in another place. */
function namesIn (head: string): string[] {
  return head.trim().split('\r\n').slice(1).map(line => line.split(':')[0]!.toLowerCase()).sort()
}
