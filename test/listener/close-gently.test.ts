import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { LINGER_TIME } from '../../src/listener/close-gently.js'
import { ca, everything, left, listen, visit } from '../harness/one-port.js'
import { holdTimers } from '../harness/timers.js'

const WAYS: Readonly<Record<string, (port: number) => Socket>> = {
  'plain HTTP': port => connect(port, '127.0.0.1'),
  'TLS 1.2': port => connectTls({ port, host: '127.0.0.1', ca: ca.cert, maxVersion: 'TLSv1.2' }),
  'TLS 1.3': port => connectTls({ port, host: '127.0.0.1', ca: ca.cert })
}

/** Sends everything before it reads anything, as many clients do; resolves to what it then reads. */
async function sendThenRead (client: Socket, text: string): Promise<string> {
  client.on('error', () => {})
  await new Promise<void>(resolve => {
    client.once('close', resolve)
    client.write(text, () => resolve())
  })
  // In TLS the bytes may be on their way still.
  await new Promise(resolve => setImmediate(resolve))
  return await everything(client)
}

for (const [way, open] of Object.entries(WAYS)) {
  t.test(`by ${way}, a client that sends a large body gets the response that closes the connection`, async t => {
    const { server, port } = await listen(t, { handler: (_request, response) => response.writeHead(401, { Connection: 'close' }).end('who?') })
    const body = 'x'.repeat(8 * 1024 * 1024)
    for (let index = 0; index < 10; index++) {
      const said = await sendThenRead(open(port), `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      t.match(said, /^HTTP\/1\.1 401 [^]*who\?\r\n0\r\n\r\n$/)
    }
    t.equal(await left(server), 0)
  })

  t.test(`by ${way}, a client that sends headers that are too large gets the refusal`, async t => {
    const { server, port } = await listen(t)
    for (let index = 0; index < 10; index++) {
      const said = await sendThenRead(open(port), `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(400_000)}\r\n\r\n`)
      t.match(said, /^HTTP\/1\.1 431 [^]*\}$/)
    }
    t.equal(await left(server), 0)
  })

  t.test(`by ${way}, no connection is left of a client that sends more after a CONNECT that is refused`, async t => {
    const { server, port } = await listen(t)
    const CONNECT = 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n'
    for (let index = 0; index < 10; index++) {
      const client = open(port)
      const said = everything(client)
      client.write(CONNECT)
      await once(client, 'data')
      client.end(CONNECT)
      t.equal((await said).match(/HTTP\/1\.1 403/g)?.length, 1)
    }
    t.equal(await left(server), 0)
  })
}

t.test('closes the connection of a client that does not close its side after a while', async t => {
  const linger = holdTimers(t, LINGER_TIME)
  const { server, port } = await listen(t, { handler: (_request, response) => response.end('bye') })
  for (const request of ['GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', 'garbage\r\n\r\n']) {
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    client.on('error', () => {})
    client.write(request)
    client.resume()
    await once(client, 'end')
    const fired = linger.fired
    while (linger.fired === fired) {
      await new Promise(resolve => setImmediate(resolve))
      linger.fire()
    }
    t.equal(await left(server), 0)
    client.destroy()
  }
})

t.test('takes what a client sends after the end of its connection for no request', async t => {
  const urls: string[] = []
  const { port } = await listen(t, {
    handler: ({ url }, response) => {
      urls.push(url!)
      response.writeHead(200, { Connection: 'close' }).end()
    }
  })
  const { client, said } = await visit(port)
  client.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(client, 'data')
  client.write('GET /3 HTTP/1.1\r\nHost: x\r\n\r\n')
  t.equal((await said).match(/HTTP\/1\.1 /g)?.length, 1)
  t.strictSame(urls, ['/1'])
})
