import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import { type Executor, type RunningEmulator } from '../src/index.js'
import { build, runCommand, runCommandUrl, start } from './helper.js'

const body = JSON.stringify({ commandId: 'RunShellScript', script: ['sleep 1000'] })
const post = `POST ${runCommandUrl()} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
const health = 'GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n'

/** Runs every script until it is told to stop; `running` are those that were not. */
function endless () {
  const running = new Set<AbortSignal>()
  let announce: (() => void) | undefined
  const started = new Promise<void>(resolve => { announce = resolve })
  const executor: Executor = {
    execute: (_execution, signal) => new Promise((_resolve, reject) => {
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

t.test('can be closed twice, at once or one after the other, with a port and without', async t => {
  for (const emulator of [await build(t), await start(t)]) {
    await Promise.all([emulator.close(), emulator.close()])
    await emulator.close()
  }
})

t.test('closes at once under idle clients, newcomers and half-done handshakes', async t => {
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
  const gone = Promise.all([idle, secure, silent, hello].map(client =>
    new Promise<void>(resolve => client.once('close', () => resolve()))))
  // Far less than any time limit of the listener, the shortest of which is half a second.
  const begun = performance.now()
  await emulator.close()
  t.ok(performance.now() - begun < 400)
  await gone
})

t.test('gives who waits for a script its answer when it closes', async t => {
  const { executor, running, started } = endless()
  const emulator = await start(t, { executor, respond: 'immediate' })
  const client = await visit(t, emulator)
  client.write(post)
  const answer = buffer(client)
  await started
  await emulator.close()
  t.equal(running.size, 0)
  t.match(`${await answer}`, /^HTTP\/1\.1 409 Conflict\r\n[^]*"code": "OperationCanceled"/)
})

t.test('does not wait for the rest of a request when it closes', async t => {
  const emulator = await start(t)
  const header = await visit(t, emulator)
  header.write(health.slice(0, -5))
  const content = await visit(t, emulator)
  content.write(post.slice(0, -5))
  await once(emulator.app.server, 'request')
  await emulator.close()
})

t.test('ends a script that a client starts while it closes', async t => {
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

t.test('ends what runs without a port, too', async t => {
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
