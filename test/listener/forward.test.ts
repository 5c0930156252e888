import { once } from 'node:events'
import { ClientRequest } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { RESPONSE_TIMEOUT } from '../../src/listener/forward.js'
import { connectionsLeft, listen, receivedText, visit } from '../harness/one-port.js'
import { holdTimers } from '../harness/timers.js'

/** A server to which azrun forwards. It calls `respond` with all the text so far for each piece that it receives. */
async function allowedHost (t: Test, respond: (socket: Socket, received: string) => void) {
  let received = ''
  const host = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', data => {
      received += data
      respond(socket, received)
    })
  })
  await once(host.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => host.close())
  const authority = `127.0.0.1:${(host.address() as AddressInfo).port}`
  return { ...await listen(t, { allowed: [authority] }), authority, received: () => received }
}

async function ask (port: number, request: string): Promise<string> {
  const { client, received } = await visit(port)
  client.write(request)
  return await received
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

const INVALID: Readonly<Record<string, { readonly response: string, readonly reason: RegExp }>> = {
  'status 000': { response: 'HTTP/1.1 000 Zero\r\nContent-Length: 0\r\n\r\n', reason: /its status is 0/ },
  'status 099': { response: 'HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n', reason: /its status is 99/ },
  'a control character in its reason': { response: 'HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n', reason: /has not sent a valid response/ },
  'status 101': { response: 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\nxxx', reason: /its status is 101/ },
  'a length and chunks': { response: 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', reason: /has not sent a valid response/ },
  'another coding before chunked': { response: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n', reason: /its Transfer-Encoding is gzip, chunked/ },
  'another protocol than HTTP': { response: 'SSH-2.0-OpenSSH_9.9\r\n', reason: /has not sent a valid response/ }
}

for (const [what, { response, reason }] of Object.entries(INVALID)) {
  t.test(`responds with 502 if an allowed host responds with ${what}`, async t => {
    const { port, authority, server } = await allowedHost(t, socket => socket.write(response, 'latin1'))
    const body = 'x'.repeat(1_000_000)
    const received = await ask(port, `POST http://${authority}/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    t.match(received, /^HTTP\/1\.1 502 Bad Gateway\r\n/)
    t.match(received, reason)
    t.equal(await connectionsLeft(server), 0)
  })
}

t.test('stops waiting for a response after endless interim responses', async t => {
  const deadline = holdTimers(t, RESPONSE_TIMEOUT)
  const { port, authority } = await allowedHost(t, socket => {
    const repeat = () => { if (!socket.destroyed) socket.write('HTTP/1.1 102 Processing\r\n\r\n', () => setImmediate(repeat)) }
    repeat()
  })
  const { client, received } = await visit(port)
  client.write(`GET http://${authority}/ HTTP/1.1\r\nHost: x\r\n\r\n`)
  await deadline.set
  deadline.fire()
  t.match(await received, /^HTTP\/1\.1 502 [^]*no response within 10 s/)
})

t.test('stops waiting for the rest of a response from which nothing comes', async t => {
  const { setTimeout } = ClientRequest.prototype
  const limited: { readonly request: ClientRequest, readonly ms: number }[] = []
  t.intercept(ClientRequest.prototype, 'setTimeout', {
    value (this: ClientRequest, ms: number, callback: () => void) {
      limited.push({ request: this, ms })
      return setTimeout.call(this, ms, callback)
    }
  })
  const { port, authority } = await allowedHost(t, socket => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'))
  const { client, received } = await visit(port)
  client.write(`GET http://${authority}/ HTTP/1.1\r\nHost: x\r\n\r\n`)
  await once(client, 'data')
  t.strictSame(limited.map(({ ms }) => ms), [RESPONSE_TIMEOUT])
  limited[0]!.request.emit('timeout')
  t.match(await received, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhalf$/)
})

t.test('a client whose response breaks off at the allowed host sees that, too', async t => {
  const { port, authority } = await allowedHost(t, socket =>
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', () => socket.destroy()))
  t.match(await ask(port, `GET http://${authority}/ HTTP/1.1\r\nHost: x\r\n\r\n`), /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhalf$/)
})

t.test('a client can send the rest of its body, and the next request, after an early response', async t => {
  let leave: (() => void) | undefined
  const { port, authority } = await allowedHost(t, socket => {
    leave = () => socket.destroy()
    socket.pause().write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno')
  })
  const { client, received } = await visit(port)
  const body = 'x'.repeat(8 * 1024 * 1024)
  client.write(`POST http://${authority}/ HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  client.write('GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  await once(client, 'data')
  leave!()
  t.match(await received, /^HTTP\/1\.1 401 [^]*no[^]*HTTP\/1\.1 200 [^]*\/next/)
})

t.test('a client that leaves ends its connections to allowed hosts, and is not refused anything', async t => {
  const refused: string[] = []
  const reached: Socket[] = []
  const host = createServer(socket => reached.push(socket.on('error', () => {})))
  await once(host.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => host.close())
  const authority = `127.0.0.1:${(host.address() as AddressInfo).port}`
  const { server, port } = await listen(t, { allowed: [authority], onRefused: reason => refused.push(reason) })
  for (const request of [`GET http://${authority}/ HTTP/1.1\r\nHost: x\r\n\r\n`, `CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\nbytes`]) {
    const { client } = await visit(port)
    client.write(request)
    const [socket] = await once(host, 'connection') as [Socket]
    await once(socket, 'data')
    const closed = once(socket, 'close')
    client.resetAndDestroy()
    await closed
  }
  t.equal(await connectionsLeft(server), 0)
  t.strictSame(refused, [])
})

t.test('does not forward interim responses, only the response after them', async t => {
  const { port, authority } = await allowedHost(t, socket => socket.write(`HTTP/1.1 103 Early Hints\r\n\r\n${OK}`))
  t.match(await ask(port, `GET http://${authority}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 200 OK\r\n[^]*ok$/)
})

for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST']) {
  t.test(`forwards the body of a ${method} as a body, however the client delimits it`, async t => {
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
    const framings = {
      chunks: ['Transfer-Encoding: chunked', `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`],
      'a length': [`Content-Length: ${smuggled.length}`, smuggled],
      'a length that Connection names': [`Content-Length: ${smuggled.length}\r\nConnection: content-length, host`, smuggled]
    }
    for (const [what, [header, body]] of Object.entries(framings)) {
      const { port, authority, received } = await allowedHost(t, (socket, received) => {
        if (received.includes('\r\n\r\nGET /smuggled') || received.endsWith('0\r\n\r\n')) socket.end(OK)
      })
      const { client } = await visit(port)
      client.write(`${method} http://${authority}/ HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n${body}`)
      await once(client, 'data')
      client.destroy()
      const [head, ...rest] = received().split('\r\n\r\n')
      t.match(head, /^[A-Z]+ \/ HTTP\/1\.1\r\n/, what)
      if (what === 'chunks') {
        t.match(head, /\r\ntransfer-encoding: chunked/i)
        t.match(rest.join('\r\n\r\n'), /^[\da-f]+\r\nGET/)
      } else t.match(head, new RegExp(`\r\ncontent-length: ${smuggled.length}(?:\r\n|$)`, 'i'), what)
    }
  })
}

t.test('does not forward hop-by-hop headers, in either direction', async t => {
  const HEADERS = 'Connection: keep-alive, X-Private\r\nX-Private: 1\r\nKeep-Alive: timeout=7\r\nTE: trailers\r\nTrailer: X\r\n' +
    'Upgrade: h2c\r\nProxy-Authenticate: Basic\r\nProxy-Authorization: Basic x\r\nX-Own: 2\r\n'
  const { port, authority, received } = await allowedHost(t, socket =>
    socket.end(`HTTP/1.1 200 OK\r\n${HEADERS}Content-Length: 2\r\n\r\nok`))
  const { client } = await visit(port)
  client.write(`GET http://${authority}/ HTTP/1.1\r\nHost: x\r\n${HEADERS}\r\n`)
  const [response] = await once(client, 'data') as [Buffer]
  client.destroy()
  for (const message of [received(), `${response}`]) {
    t.match(message, /x-own: 2/i)
    t.notMatch(message, /x-private|timeout=7|\nte:|trailer|upgrade|proxy-/i)
  }
})

t.test('refuses to forward to itself under any name, with the reason', async t => {
  const reserved = createServer()
  await once(reserved.listen(0, '127.0.0.1'), 'listening')
  const { port } = reserved.address() as AddressInfo
  await new Promise(resolve => reserved.close(resolve))
  const names = ['localhost', '127.0.0.1', '127.1', '[::ffff:127.0.0.1]'].map(name => `${name}:${port}`)
  const { server } = await listen(t, { allowed: names, port })
  for (const authority of names) {
    t.match(await ask(port, `CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\n`), /^HTTP\/1\.1 403 .*which is azrun itself/, authority)
  }
  const forwarded = await ask(port, `GET http://127.1:${port}/ HTTP/1.1\r\nHost: x\r\n\r\n`)
  t.match(forwarded, /^HTTP\/1\.1 403 [^]*which is azrun itself/)
  t.equal(await connectionsLeft(server), 0)
})

t.test('forwards to another port of its own address', async t => {
  const { port, authority } = await allowedHost(t, socket => socket.end(OK))
  const client = connect(port, '127.0.0.1')
  client.write(`CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\n`)
  t.match(`${(await once(client, 'data'))[0]}`, /^HTTP\/1\.1 200/)
  const received = receivedText(client)
  client.write('x')
  t.equal(await received, OK)
})
