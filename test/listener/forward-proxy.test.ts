import { once } from 'node:events'
import http, { type IncomingMessage } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import { createLeaf } from '../../src/certificates/x509.js'
import { ca, connectionsLeft, listen, receivedText } from '../harness/one-port.js'

const AZURE = 'management.azure.com'
const emulating = { isEmulated: (host: string) => host === AZURE }

/** The response to a CONNECT, and the socket on which it was sent. */
async function openTunnel (port: number, authority: string, socket: Socket = connect(port, '127.0.0.1')) {
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`)
  const [first] = await once(socket, 'data') as [Buffer]
  const [head, body] = `${first}`.split('\r\n\r\n') as [string, string]
  return { socket, status: Number(head.split(' ')[1]), line: head.split('\r\n')[0], body }
}

async function secure (socket: Socket, servername: string): Promise<TLSSocket> {
  const secured = connectTls({ socket, servername, ca: ca.cert })
  await once(secured, 'secureConnect')
  return secured
}

/** Another server on this machine, which returns the request that it received. */
async function startNeighbour (t: Test): Promise<{ port: number, visits: () => number }> {
  let visits = 0
  const server = http.createServer(async (request, response) => {
    visits++
    response.setHeader('Connection', 'close')
    const { method, url, headers } = request
    response.end(JSON.stringify({ method, url, headers, body: await text(request) }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  return { port: (server.address() as AddressInfo).port, visits: () => visits }
}

async function viaProxy (port: number, url: string, options: http.RequestOptions = {}, body = '') {
  const request = http.request({ host: '127.0.0.1', port, path: url, ...options }).end(body)
  const [response] = await once(request, 'response') as [IncomingMessage]
  return { status: response.statusCode, body: await text(response) }
}

t.test('serves an emulated host through a tunnel, with a certificate for its name', async t => {
  const { port } = await listen(t, emulating)
  const { socket, status } = await openTunnel(port, `${AZURE}:443`)
  t.equal(status, 200)
  const secured = await secure(socket, AZURE)
  t.match(secured.getPeerCertificate().subjectaltname, `DNS:${AZURE}`)
  const received = receivedText(secured)
  secured.write(`GET /echo HTTP/1.1\r\nHost: ${AZURE}\r\nConnection: close\r\n\r\n`)
  t.match(await received, /^HTTP\/1\.1 200 .*\r\n\r\n.*\/echo true/s)
})

t.test('accepts TLS in a tunnel over TLS, and plain HTTP in a tunnel', async t => {
  const { port } = await listen(t, emulating)
  const outer = connectTls({ port, host: '127.0.0.1', ca: ca.cert })
  await once(outer, 'secureConnect')
  for (const [socket, target] of [[outer, '443'], [connect(port, '127.0.0.1'), '80']] as const) {
    await openTunnel(port, `${AZURE}:${target}`, socket)
    const inner = target === '443' ? await secure(socket, AZURE) : socket
    const received = receivedText(inner)
    inner.write(`GET /echo HTTP/1.1\r\nHost: ${AZURE}\r\nConnection: close\r\n\r\n`)
    t.match(await received, /200 OK.*\/echo/s)
  }
})

t.test('accepts data that a client sends together with its CONNECT', async t => {
  const { port } = await listen(t, emulating)
  const socket = connect(port, '127.0.0.1')
  const received = receivedText(socket)
  socket.write(`CONNECT ${AZURE}:80 HTTP/1.1\r\nHost: x\r\n\r\nGET /echo HTTP/1.1\r\nHost: ${AZURE}\r\nConnection: close\r\n\r\n`)
  t.match(await received, /200 Connection Established\r\n\r\nHTTP\/1\.1 200 OK.*\/echo/s)
})

t.test('creates one certificate for an emulated host, for any number of clients, and none for other hosts', async t => {
  const created: (string | undefined)[] = []
  const { port } = await listen(t, { ...emulating, leafFor: async host => { created.push(host); return ca } })
  let refused = 0
  for (let from = 0; from < 2_000; from += 100) {
    await Promise.all(Array.from({ length: 100 }, async (_, index) => {
      const { status, socket } = await openTunnel(port, `host${from + index}.example.com:443`)
      if (status === 403) refused++
      socket.destroy()
    }))
  }
  t.equal(refused, 2_000)
  await Promise.all(Array.from({ length: 20 }, async () => {
    const { socket } = await openTunnel(port, `${AZURE}:443`)
    const secured = connectTls({ socket, servername: AZURE, rejectUnauthorized: false })
    await once(secured, 'secureConnect')
    secured.destroy()
  }))
  t.same(created, [AZURE])
})

t.test('refuses any other host, with the reason in the body and in the status line that clients show', async t => {
  const refused: [reason: string, host?: string][] = []
  const { port, server } = await listen(t, {
    ...emulating, onRefused: (reason, host) => { refused.push([reason, host]) }
  })
  const { status, line, body, socket } = await openTunnel(port, 'example.com:443')
  t.equal(status, 403)
  t.equal(line, "HTTP/1.1 403 azrun does not forward to example.com: it serves Azure's hosts only. " +
    'Use --allow-host example.com to allow it')
  t.equal(`HTTP/1.1 403 ${JSON.parse(body).reason}`, line)
  t.strictSame(refused, [[JSON.parse(body).reason, 'example.com']])
  await once(socket, 'close')
  t.equal(await connectionsLeft(server), 0)
  const { line: other } = await openTunnel(port, 'example.com:22')
  t.equal(other, "HTTP/1.1 403 azrun does not forward to example.com:22: it serves Azure's hosts only, on ports 80 and 443. " +
    'Use --allow-host example.com:22 to allow it')
})

t.test('does not forward to this machine, to a private network, or back to itself', async t => {
  const { port } = await listen(t, emulating)
  const neighbour = await startNeighbour(t)
  for (const authority of [`127.0.0.1:${neighbour.port}`, `localhost:${neighbour.port}`, `[::1]:${neighbour.port}`,
    `[::ffff:127.0.0.1]:${neighbour.port}`, `127.0.0.1:${port}`, `localhost:${port}`, '10.0.0.1:443', '192.168.0.1:22',
    '169.254.169.254:443', '0:443', `0x7f000001:${neighbour.port}`, `${AZURE}:22`]) {
    const { status, socket } = await openTunnel(port, authority)
    t.equal(status, 403, authority)
    socket.destroy()
    if (!authority.endsWith(`:${port}`)) t.equal((await viaProxy(port, `http://${authority}/`)).status, 403, `GET ${authority}`)
  }
  t.equal(neighbour.visits(), 0)
})

t.test('opens no tunnel within a tunnel', async t => {
  const { port } = await listen(t, emulating)
  const { socket } = await openTunnel(port, `${AZURE}:443`)
  const secured = await secure(socket, AZURE)
  t.match(await openTunnel(port, `${AZURE}:443`, secured), { status: 403, line: /does not open a tunnel within a tunnel/ })
  const { socket: plain } = await openTunnel(port, `${AZURE}:80`)
  t.match(await openTunnel(port, `${AZURE}:80`, plain), { status: 403 })
})

t.test('responds to a CONNECT without host and port with the form that it expects', async t => {
  const { port } = await listen(t, emulating)
  for (const authority of ['example.com', '/path', 'user@example.com:443']) {
    t.match(await openTunnel(port, authority), { status: 400, line: /CONNECT needs HOST:PORT/ }, authority)
  }
})

t.test('passes bytes to and from an allowed host unchanged', async t => {
  const server = createServer(socket => socket.once('data', data => socket.end(Buffer.from(data).reverse())))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const { port } = await listen(t, { allowed: [target] })
  const { socket, status } = await openTunnel(port, target)
  t.equal(status, 200)
  socket.setEncoding('latin1')
  const received = receivedText(socket)
  socket.write(Buffer.from([0x16, 0, 0xff, 0x0a]))
  t.equal(await received, '\x0a\xff\x00\x16')
})

t.test('reports that an allowed host cannot be reached', async t => {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise(resolve => server.close(resolve))
  const { port } = await listen(t, { allowed: [target] })
  t.match(await openTunnel(port, target), { status: 502, line: /cannot be reached: connect ECONNREFUSED/ })
  t.match(await viaProxy(port, `http://${target}/`), { status: 502, body: /cannot be reached/ })
})

t.test('closes its tunnels when it closes', async t => {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.teardown(() => server.close())
  const target = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const onePort = await listen(t, { allowed: [target] })
  const { socket } = await openTunnel(onePort.port, target)
  onePort.closePendingConnections()
  await once(socket.resume(), 'close')
  t.equal(await connectionsLeft(onePort.server), 0)
})

t.test('opens no tunnel on an existing connection after it closes', async t => {
  const neighbour = await startNeighbour(t)
  const target = `127.0.0.1:${neighbour.port}`
  const onePort = await listen(t, { ...emulating, allowed: [target] })
  const sockets = [target, `${AZURE}:443`].map(authority => ({ authority, socket: connect(onePort.port, '127.0.0.1') }))
  for (const { socket } of sockets) {
    socket.write('GET /echo HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'data')
  }
  onePort.closePendingConnections()
  for (const { socket, authority } of sockets) {
    const received = receivedText(socket)
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\n`)
    t.equal(await received, '', authority)
  }
  t.equal(neighbour.visits(), 0)
  t.equal(await connectionsLeft(onePort.server), 0)
})

t.test('requests a certificate again if it could not be created', async t => {
  let asked = 0
  const { port } = await listen(t, {
    ...emulating,
    leafFor: async host => {
      if (asked++ === 0) throw new Error('the disk is full')
      return await createLeaf(ca, [host!])
    }
  })
  const { socket } = await openTunnel(port, `${AZURE}:443`)
  const refused = connectTls({ socket, servername: AZURE, ca: ca.cert })
  await once(refused, 'error')
  await secure((await openTunnel(port, `${AZURE}:443`)).socket, AZURE)
  t.equal(asked, 2)
})

t.test('serves an absolute URL for an emulated host, or for itself, by its path', async t => {
  const { port } = await listen(t, emulating)
  for (const authority of [AZURE, `${AZURE}:80`, `127.0.0.1:${port}`, `localhost:${port}`]) {
    t.match(await viaProxy(port, `http://${authority}/a/b?c=d`), { status: 200, body: '/a/b?c=d false ;' }, authority)
  }
  t.match(await viaProxy(port, `http://${AZURE}?c=d`), { body: '/?c=d false ;' })
  t.match(await viaProxy(port, `http://${AZURE}/a#b`), { body: '/a#b false ;' }, 'a fragment, which the contract check reports')
})

t.test('takes the host from an absolute URL, whatever the Host header says', async t => {
  const { port } = await listen(t, { ...emulating, handler: ({ headers }, response) => response.end(headers.host) })
  t.match(await viaProxy(port, `http://${AZURE}/a`, { headers: { Host: 'example.com' } }), { status: 200, body: AZURE })
})

t.test('passes on a target that is neither a path nor an absolute URL of HTTP', async t => {
  const { port } = await listen(t, emulating)
  for (const [method, target] of [['OPTIONS', '*'], ['GET', `ftp://${AZURE}/a`]] as const) {
    t.match(await viaProxy(port, target, { method }), { status: 200, body: `${target} false ;` })
  }
})

t.test('forwards an absolute URL to an allowed host, without the headers for the proxy', async t => {
  const neighbour = await startNeighbour(t)
  const target = `127.0.0.1:${neighbour.port}`
  const { port } = await listen(t, { allowed: [target] })
  const headers = { 'Proxy-Authorization': 'Basic c2VjcmV0', 'Proxy-Connection': 'keep-alive', Connection: 'X-Private', 'X-Private': '1', 'X-Own': '2' }
  const { status, body } = await viaProxy(port, `http://${target}/path?q#fragment`, { method: 'POST', headers }, 'the body')
  t.equal(status, 200)
  const seen = JSON.parse(body)
  t.equal(seen.url, '/path?q')
  t.match(seen, { method: 'POST', body: 'the body', headers: { host: target, 'x-own': '2' } })
  for (const name of ['proxy-authorization', 'proxy-connection', 'x-private']) t.notOk(name in seen.headers, name)
})

t.test('refuses an absolute URL for any other host, or without a host', async t => {
  const refused: [reason: string, host?: string][] = []
  const { port } = await listen(t, {
    ...emulating, allowed: ['example.org'], onRefused: (reason, host) => { refused.push([reason, host]) }
  })
  t.match(await viaProxy(port, 'http://example.com/'), { status: 403, body: /Use --allow-host example\.com to/ })
  t.match(await viaProxy(port, 'http:///path'), { status: 400, body: /names no host/ })
  t.match(await viaProxy(port, 'https://example.org/'), { status: 400, body: /CONNECT example\.org:443/ })
  t.match(refused, [
    [/^azrun does not forward to example\.com: /, 'example.com'],
    [/names no host/, undefined],
    [/CONNECT example\.org:443/, undefined]
  ])
})

t.test('sends 100 Continue only to a Python client that sends its body later', async t => {
  const { port } = await listen(t, emulating)
  const agents = { 'azsdk-python-mgmt-compute/39.0.0 Python/3.11.7': '100 Continue', 'curl/8': '200 OK' }
  for (const [agent, status] of Object.entries(agents)) {
    const { socket } = await openTunnel(port, `${AZURE}:443`)
    const secured = await secure(socket, AZURE)
    secured.write(`POST /echo HTTP/1.1\r\nHost: ${AZURE}\r\nUser-Agent: ${agent}\r\nContent-Length: 4\r\n\r\n`)
    // The other client gets no 100 Continue, so it sends its body at once.
    if (status === '200 OK') secured.write('body')
    const [first] = await once(secured, 'data')
    t.match(`${first}`, `HTTP/1.1 ${status}\r\n`, agent)
    if (status !== '200 OK') secured.write('body')
    secured.destroy()
  }
})
