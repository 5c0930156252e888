import { once } from 'node:events'
import http, { type IncomingMessage, type RequestListener, type Server } from 'node:http'
import https from 'node:https'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import { createOnePort } from '../src/listener/one-port.js'
import { createAuthority, createLeaf } from '../src/listener/x509.js'

const ca = await createAuthority()
const pair = await createLeaf(ca, ['localhost', '127.0.0.1'])

interface Listening {
  readonly server: Server
  readonly port: number
  dropNewcomers (): void
  dropLaggards (): void
}

interface Options {
  readonly handshakeTimeout?: number
  readonly handler?: RequestListener
}

/** Echoes the request's body after its URL; a server on a free port that ends with the test. */
async function listen (t: Test, { handshakeTimeout, handler = echo }: Options = {}): Promise<Listening> {
  const malformedBody = (reason: string) => JSON.stringify({ reason })
  const onePort = createOnePort(handler, { ...pair, handshakeTimeout, malformedBody })
  t.teardown(() => {
    onePort.server.closeAllConnections()
    onePort.server.close()
  })
  await once(onePort.server.listen(0, '127.0.0.1'), 'listening')
  return { ...onePort, port: (onePort.server.address() as AddressInfo).port }
}

const echo: RequestListener = async (request, response) => {
  const body = await text(request).catch(() => 'broken off')
  response.end(`${request.url} ${'encrypted' in request.socket} ${body};`)
}

/** A client that has connected; what it is sent is collected in `said`. */
async function visit (port: number): Promise<{ client: Socket, said: Promise<string> }> {
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  await once(client, 'connect')
  return { client, said: everything(client) }
}

/** What comes until the other side ends or breaks off. */
function everything (client: Socket): Promise<string> {
  let said = ''
  client.on('data', (chunk: Buffer) => { said += chunk })
  client.on('error', () => {})
  return new Promise(resolve => {
    client.once('end', () => client.end())
    client.once('close', () => resolve(said))
  })
}

/** Resolves when the server has no connection left. */
async function left (server: Server): Promise<number> {
  const count = () => new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => error === null ? resolve(count) : reject(error)))
  while (await count() > 0) await new Promise(resolve => setImmediate(resolve))
  return await count()
}

async function ask (agent: http.Agent | https.Agent, port: number, body: string) {
  const send = agent instanceof https.Agent ? https.request : http.request
  const request = send({ agent, port, host: '127.0.0.1', path: '/echo', method: 'POST' }).end(body)
  const [response] = await once(request, 'response') as [IncomingMessage]
  const from = response.socket.localPort!
  return { body: await text(response), from }
}

t.test('takes several requests on one connection of either kind', async t => {
  const { port } = await listen(t)
  const agents = {
    false: new http.Agent({ keepAlive: true, maxSockets: 1 }),
    true: new https.Agent({ keepAlive: true, maxSockets: 1, ca: ca.cert })
  }
  const long = 'x'.repeat(1_000_000)
  for (const [encrypted, agent] of Object.entries(agents)) {
    const answers = await Promise.all(['one', long, 'three'].map(body => ask(agent, port, body)))
    t.strictSame(answers.map(({ body }) => body), ['one', long, 'three'].map(body => `/echo ${encrypted} ${body};`))
    t.equal(new Set(answers.map(({ from }) => from)).size, 1, 'one connection')
    agent.destroy()
  }
})

t.test('answers pipelined requests in their order, however the bytes are cut', async t => {
  const { port } = await listen(t)
  const requests = 'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc' +
    'GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  for (const cut of [0, 1, 2, 20, 40, 90]) {
    for (const tls of [false, true]) {
      const client = tls ? connectTls({ port, host: '127.0.0.1', ca: ca.cert }) : connect(port, '127.0.0.1')
      client.setNoDelay(true)
      const said = everything(client)
      await once(client, tls ? 'secureConnect' : 'connect')
      client.write(requests.slice(0, cut))
      await new Promise(resolve => setImmediate(resolve))
      client.write(requests.slice(cut))
      t.strictSame((await said).match(/\/\d (true|false) \w*;/g), [`/1 ${tls} ;`, `/2 ${tls} abc;`, `/3 ${tls} ;`], `${cut}`)
    }
  }
})

t.test('offers HTTP/1.1 by ALPN, and refuses those who speak nothing else than HTTP/2', async t => {
  const { server, port } = await listen(t)
  const both = connectTls({ port, host: '127.0.0.1', ca: ca.cert, ALPNProtocols: ['h2', 'http/1.1'] })
  await once(both, 'secureConnect')
  t.equal(both.alpnProtocol, 'http/1.1')
  both.destroy()
  const [error] = await once(connectTls({ port, host: '127.0.0.1', ca: ca.cert, ALPNProtocols: ['h2'] }), 'error')
  t.match(error, { code: /NO_APPLICATION_PROTOCOL/ })
  t.equal(await left(server), 0)
})

const hello = await clientHelloOfNode()
const halfHello = Buffer.from('16030100c8010000c40303', 'hex')

/** What clients say that is no HTTP, after which some end their side. */
const visitors: Readonly<Record<string, { readonly says: readonly (string | Buffer)[], readonly ends?: boolean }>> = {
  'says nothing': { says: [] },
  'says nothing and ends its side': { says: [], ends: true },
  'sends half a TLS hello': { says: [halfHello] },
  'sends half a TLS hello and ends its side': { says: [halfHello], ends: true },
  'sends the first byte of a TLS hello': { says: [Buffer.from([0x16])] },
  'sends a TLS record of no known version': { says: [Buffer.from('16ffff0005ffffffffff', 'hex')] },
  'sends a TLS alert in place of a hello': { says: [Buffer.from('16030100020228', 'hex')] },
  'sends a TLS record longer than any': { says: [Buffer.concat([Buffer.from('160301ffff', 'hex'), Buffer.alloc(0xffff)])] }
}

for (const [what, { says, ends = false }] of Object.entries(visitors)) {
  t.test(`lets go of a client that ${what}`, async t => {
    const { server, port } = await listen(t, { handshakeTimeout: 50 })
    const { client, said } = await visit(port)
    for (const each of says) client.write(each)
    if (ends) client.end()
    const answer = Buffer.from(await said, 'latin1')
    t.ok(answer.length === 0 || answer[0] === 0x15, 'no answer but a TLS alert')
    t.equal(await left(server), 0)
    const agent = new http.Agent()
    t.equal((await ask(agent, port, 'still here')).body, '/echo false still here;')
  })
}

t.test('lets go of a TLS client that stops in the middle of the handshake', async t => {
  const { server, port } = await listen(t, { handshakeTimeout: 50 })
  const { client, said } = await visit(port)
  client.write(hello)
  t.ok((await said).length > 500, 'it got as far as the certificate')
  t.equal(await left(server), 0)
})

t.test('lets go of a client that breaks off the handshake', async t => {
  const { server, port } = await listen(t)
  const { client } = await visit(port)
  client.write(hello)
  await once(client, 'data')
  client.resetAndDestroy()
  t.equal(await left(server), 0)
})

t.test('lets go of a client that does not trust the certificate', async t => {
  const { server, port } = await listen(t)
  const [error] = await once(connectTls({ port, host: '127.0.0.1' }), 'error')
  t.match(error, { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
  t.equal(await left(server), 0)
})

t.test('refuses the TLS versions before 1.2', async t => {
  const { server, port } = await listen(t)
  const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const
  const client = connectTls({ port, host: '127.0.0.1', ca: ca.cert, ...versions })
  const [error] = await once(client, 'error')
  t.match(error, { code: /PROTOCOL_VERSION|NO_PROTOCOLS/ })
  t.equal(await left(server), 0)
})

t.test('does not end a connection that has said what it speaks', async t => {
  let answer: (() => void) | undefined
  const { port } = await listen(t, { handshakeTimeout: 20, handler: (_request, response) => { answer = () => response.end('late') } })
  const agents = [new http.Agent({ keepAlive: true }), new https.Agent({ keepAlive: true, ca: ca.cert })]
  for (const agent of agents) {
    const answered = ask(agent, port, '')
    // A newcomer's whole patience passes meanwhile.
    t.equal(await (await visit(port)).said, '')
    answer!()
    t.equal((await answered).body, 'late')
    agent.destroy()
  }
})

/** Requests that a proxy and a server might cut differently (RFC 9112, section 11.2), and others that are no HTTP. */
const malformed: Readonly<Record<string, { readonly request: string, readonly status: number }>> = {
  'two Content-Length headers': {
    request: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
    status: 400
  },
  'Transfer-Encoding and Content-Length': {
    request: 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    status: 400
  },
  'a Transfer-Encoding that is not chunked': {
    request: 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n',
    status: 400
  },
  'a header folded over two lines': { request: 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 4\r\n\r\n', status: 400 },
  'headers that are huge': { request: `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, status: 431 },
  'no Host': { request: 'GET / HTTP/1.1\r\n\r\n', status: 400 },
  'another protocol': { request: 'SSH-2.0-OpenSSH_9.9\r\n', status: 400 },
  garbage: { request: '\0\x01\x02\xff\r\n\r\n', status: 400 }
}

for (const [what, { request, status }] of Object.entries(malformed)) {
  t.test(`answers ${status} to ${what}, over either, and ends the connection`, async t => {
    let asked = 0
    const { server, port } = await listen(t, { handler: (_request, response) => { asked++; response.end() } })
    for (const tls of [false, true]) {
      const client = tls ? connectTls({ port, host: '127.0.0.1', ca: ca.cert }) : connect(port, '127.0.0.1')
      const said = everything(client)
      await once(client, tls ? 'secureConnect' : 'connect')
      client.write(request, 'latin1')
      const answers = (await said).split(/(?=HTTP\/1\.1 )/)
      t.equal(answers.length, 1)
      t.match(answers[0], new RegExp(`^HTTP/1\\.1 ${status} `))
      t.match(answers[0], /\r\nConnection: close\r\n/i)
      t.equal(await left(server), 0)
    }
    t.equal(asked, 0, 'nobody handled it')
  })
}

t.test('says why a request is malformed, in the body that it was given', async t => {
  const { port } = await listen(t)
  const { client, said } = await visit(port)
  client.write('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n')
  const [head, body] = (await said).split('\r\n\r\n') as [string, string]
  t.match(head, /Content-Type: application\/json; charset=utf-8/)
  t.match(head, `Content-Length: ${Buffer.byteLength(body)}`)
  t.strictSame(JSON.parse(body), { reason: 'Invalid character in Content-Length' })
})

t.test('drops newcomers when it closes, and who comes after', async t => {
  const { server, port, dropNewcomers } = await listen(t)
  const silent = await visit(port)
  const half = await visit(port)
  half.client.write(halfHello)
  const halfDone = await visit(port)
  halfDone.client.write(hello)
  await once(halfDone.client, 'data')
  dropNewcomers()
  await Promise.all([silent.said, half.said, halfDone.said])
  t.equal(await (await visit(port)).said, '')
  await new Promise(resolve => server.close(resolve))
})

t.test('drops who has half sent a request soon after it closes', async t => {
  const { server, port, dropLaggards } = await listen(t)
  const header = await visit(port)
  header.client.write('GET / HTTP/1.1\r\nHo')
  const body = await visit(port)
  body.client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na')
  await once(server, 'request')
  const closed = once(server, 'close')
  server.close()
  dropLaggards()
  await Promise.all([header.said, body.said, closed])
})

/** The first flight of a real TLS client. */
async function clientHelloOfNode (): Promise<Buffer> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client = connectTls((server.address() as AddressInfo).port, '127.0.0.1', { ca: ca.cert })
  client.on('error', () => {})
  const [socket] = await once(server, 'connection') as [Socket]
  const [hello] = await once(socket, 'data') as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return hello
}

t.test('passes over an expectation that it does not know', async t => {
  const { port } = await listen(t)
  const { client, said } = await visit(port)
  client.write('POST / HTTP/1.1\r\nHost: localhost\r\nExpect: wonders\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  t.match(await said, /^HTTP\/1.1 200/)
})

t.test('answers a body that breaks off in the middle of its chunks', async t => {
  const { port } = await listen(t)
  const { client, said } = await visit(port)
  client.write('POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n')
  t.match(await said, /^HTTP\/1.1 400/)
})
