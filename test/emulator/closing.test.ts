import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import { type Executor, type RunningEmulator } from '../../src/index.js'
import { CLOSE_GRACE_PERIOD } from '../../src/listener/one-port.js'
import { build, runCommand, runCommandUrl, start } from '../harness/emulator.js'
import { holdTimers } from '../harness/timers.js'

const body = JSON.stringify({ commandId: 'RunShellScript', script: ['sleep 1000'] })
const post = `POST ${runCommandUrl()} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const health = 'GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** An executor that runs every script until it is aborted. `running` has the signals of the running scripts. */
function endless () {
  const running = new Set<AbortSignal>()
  let announce: (() => void) | undefined
  const started = new Promise<void>(resolve => { announce = resolve })
  const executor: Executor = {
    execute: (_execution, { signal }) => new Promise((_resolve, reject) => {
      running.add(signal)
      announce!()
      signal.addEventListener('abort', () => {
        running.delete(signal)
        reject(signal.reason)
      })
    })
  }
  return { executor, running, started }
}

t.test('can be closed repeatedly and concurrently, with and without a port', async t => {
  for (const emulator of [await build(t), await start(t)]) {
    const closings = [emulator.close(), emulator.close()]
    await Promise.allSettled(closings)
    const outcomes = await Promise.allSettled([...closings, emulator.close()])
    t.strictSame(outcomes.map(({ status }) => status), ['fulfilled', 'fulfilled', 'fulfilled'])
  }
})

t.test('closes idle and new connections, and those during their handshake, without waiting', async t => {
  const emulator = await start(t)
  const idle = await visit(t, emulator)
  idle.write(health)
  await once(idle, 'data')
  const secure = connectTls({ port: emulator.port, host: '127.0.0.1', rejectUnauthorized: false })
  t.teardown(() => secure.destroy())
  secure.on('error', () => {})
  secure.write(health)
  await once(secure, 'data')
  const silent = await visit(t, emulator)
  const hello = await visit(t, emulator)
  hello.write(Buffer.from('16030100c8010000c40303', 'hex'))
  const clients = [idle, secure, silent, hello]
  const closed = Promise.all(clients.map(client => new Promise<void>(resolve => client.once('close', () => resolve()))))
  const grace = holdTimers(t, CLOSE_GRACE_PERIOD)
  await emulator.close()
  await closed
  t.equal(grace.fired, 0)
})

t.test('before it closes, it responds to a client that waits for a script', async t => {
  const { executor, running, started } = endless()
  const emulator = await start(t, { executor, respond: 'immediate' })
  const client = await visit(t, emulator)
  client.write(post)
  const response = buffer(client)
  await started
  await emulator.close()
  t.equal(running.size, 0)
  t.match(`${await response}`, /^HTTP\/1\.1 409 Conflict\r\n[^]*"code": "OperationCanceled"/)
})

t.test('does not wait for the rest of a request when it closes', async t => {
  const emulator = await start(t)
  const header = await visit(t, emulator)
  header.write(health.slice(0, -5))
  const content = await visit(t, emulator)
  content.write(post.slice(0, -5))
  const received = [header, content].map(client => buffer(client).then(String, () => ''))
  await once(emulator.app.server, 'request')
  const grace = holdTimers(t, CLOSE_GRACE_PERIOD)
  const closed = emulator.close()
  await grace.set
  grace.fire()
  await closed
  t.strictSame(await Promise.all(received), ['', ''])
})

t.test('does not wait for clients that do not end their side, read or send', async t => {
  const neighbour = createServer({ allowHalfOpen: true }, socket => socket.on('error', () => {}).resume())
  await once(neighbour.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => neighbour.close())
  const target = `127.0.0.1:${(neighbour.address() as AddressInfo).port}`
  const emulator = await start(t, { allowHost: [target] })
  const texts = {
    'a tunnel to another host': `CONNECT ${target} HTTP/1.1\r\nHost: x\r\n\r\n`,
    'a tunnel to azrun': 'CONNECT management.azure.com:80 HTTP/1.1\r\nHost: x\r\n\r\n',
    'a refused tunnel': 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    'half a body': post.slice(0, -5),
    'a refused body': 'POST /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5\r\n\r\n',
    'many unread responses': 'GET /_emulator/openapi/arm.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(400)
  }
  const clients = await Promise.all(Object.values(texts).map(async text => {
    const client = connect({ port: emulator.port, host: '127.0.0.1', allowHalfOpen: true })
    t.teardown(() => client.destroy())
    client.on('error', () => {})
    client.write(text)
    if (!text.includes('POST')) await once(client, 'readable')
    return client
  }))
  const grace = holdTimers(t, CLOSE_GRACE_PERIOD)
  const closed = emulator.close()
  await grace.set
  grace.fire()
  await closed
  t.equal(clients.length, 6)
})

t.test('aborts a script that a client starts while azrun closes', async t => {
  for (const respond of ['async', 'immediate'] as const) {
    const { executor, running, started } = endless()
    const emulator = await start(t, { executor, respond })
    const client = await visit(t, emulator)
    client.write(post.slice(0, -5))
    await once(emulator.app.server, 'request')
    const closed = emulator.close()
    client.write(post.slice(-5))
    await Promise.race([started, closed])
    await closed
    t.equal(running.size, 0)
  }
})

t.test('aborts running scripts even without a port', async t => {
  const { executor, running, started } = endless()
  const emulator = await build(t, { executor })
  t.equal((await runCommand(emulator, JSON.parse(body))).statusCode, 202)
  await started
  await emulator.close()
  t.equal(running.size, 0)
})

async function visit (t: Test, { port }: RunningEmulator): Promise<Socket> {
  const client = connect(port, '127.0.0.1')
  t.teardown(() => client.destroy())
  client.on('error', () => {})
  await once(client, 'connect')
  return client
}
