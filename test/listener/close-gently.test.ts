import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { LINGER_TIME } from '../../src/listener/close-gently.js'
import { ca, connectionsLeft, listen, receivedText, visit } from '../harness/one-port.js'
import { holdTimers } from '../harness/timers.js'

const TRANSPORTS: Readonly<Record<string, (port: number) => Socket>> = {
  'plain HTTP': port => connect(port, '127.0.0.1'),
  'TLS 1.2': port => connectTls({ port, host: '127.0.0.1', ca: ca.cert, maxVersion: 'TLSv1.2' }),
  'TLS 1.3': port => connectTls({ port, host: '127.0.0.1', ca: ca.cert })
}

/** Sends the whole text before it reads anything, as many clients do. Returns the text that it then reads. */
async function sendThenRead (client: Socket, text: string): Promise<string> {
  client.on('error', () => {})
  await new Promise<void>(resolve => {
    client.once('close', resolve)
    client.write(text, () => resolve())
  })
  // With TLS the bytes may not be sent yet.
  await new Promise(resolve => setImmediate(resolve))
  return await receivedText(client)
}

for (const [transport, open] of Object.entries(TRANSPORTS)) {
  t.test(`over ${transport}, a client that sends a large body receives the response that closes the connection`, async t => {
    const { server, port } = await listen(t, { handler: (_request, response) => response.writeHead(401, { Connection: 'close' }).end('who?') })
    const body = 'x'.repeat(8 * 1024 * 1024)
    for (let index = 0; index < 10; index++) {
      const received = await sendThenRead(open(port), `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      t.match(received, /^HTTP\/1\.1 401 [^]*who\?\r\n0\r\n\r\n$/)
    }
    t.equal(await connectionsLeft(server), 0)
  })

  t.test(`over ${transport}, a client that sends too large headers receives the error response`, async t => {
    const { server, port } = await listen(t)
    for (let index = 0; index < 10; index++) {
      const received = await sendThenRead(open(port), `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(400_000)}\r\n\r\n`)
      t.match(received, /^HTTP\/1\.1 431 [^]*\}$/)
    }
    t.equal(await connectionsLeft(server), 0)
  })

  t.test(`over ${transport}, the connection closes even if the client sends more after a refused CONNECT`, async t => {
    const { server, port } = await listen(t)
    const CONNECT = 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n'
    for (let index = 0; index < 10; index++) {
      const client = open(port)
      const received = receivedText(client)
      client.write(CONNECT)
      await once(client, 'data')
      client.end(CONNECT)
      t.equal((await received).match(/HTTP\/1\.1 403/g)?.length, 1)
    }
    t.equal(await connectionsLeft(server), 0)
  })
}

t.test('closes the connection of a client that does not close its side in time', async t => {
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
    t.equal(await connectionsLeft(server), 0)
    client.destroy()
  }
})

t.test('closes the connection of a client that sends without end after the last response', async t => {
  const linger = holdTimers(t, LINGER_TIME)
  const { server, port } = await listen(t, { handler: (_request, response) => response.writeHead(401, { Connection: 'close' }).end() })
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.resume().on('error', () => {})
  client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n')
  const piece = Buffer.alloc(1024 * 1024)
  const send = () => { if (client.writable) client.write(piece, send) }
  send()
  await new Promise(resolve => client.once('close', resolve))
  t.ok(client.bytesWritten > 64 * piece.length, `${client.bytesWritten}`)
  t.equal(await connectionsLeft(server), 0)
  t.equal(linger.fired, 0)
})

t.test('closes the connection of a client that has pipelined many requests after the last response', async t => {
  const linger = holdTimers(t, LINGER_TIME)
  const { server, port } = await listen(t, { handler: (_request, response) => response.writeHead(200, { Connection: 'close' }).end() })
  const { client, received } = await visit(port)
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50_000))
  t.equal((await received).match(/HTTP\/1\.1 /g)?.length, 1)
  t.equal(await connectionsLeft(server), 0)
  t.equal(linger.fired, 0)
})

t.test('does not handle requests that a client sends after the last response', async t => {
  const urls: string[] = []
  const { port } = await listen(t, {
    handler: ({ url }, response) => {
      urls.push(url!)
      response.writeHead(200, { Connection: 'close' }).end()
    }
  })
  const { client, received } = await visit(port)
  client.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(client, 'data')
  client.write('GET /3 HTTP/1.1\r\nHost: x\r\n\r\n')
  t.equal((await received).match(/HTTP\/1\.1 /g)?.length, 1)
  t.strictSame(urls, ['/1'])
})
