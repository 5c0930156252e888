import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { CLOSE_GRACE_PERIOD } from '../../src/listener/one-port.js'
import { ask, ca, clientHello, connectionsLeft, halfHello, listen, LONG, visit } from '../harness/one-port.js'
import { holdTimers } from '../harness/timers.js'

t.test('handles several requests on one connection, with and without TLS', async t => {
  const { port } = await listen(t)
  const agents = {
    false: new http.Agent({ keepAlive: true, maxSockets: 1 }),
    true: new https.Agent({ keepAlive: true, maxSockets: 1, ca: ca.cert })
  }
  const long = 'x'.repeat(1_000_000)
  for (const [encrypted, agent] of Object.entries(agents)) {
    const responses = await Promise.all(['one', long, 'three'].map(body => ask(agent, port, body)))
    t.strictSame(responses.map(({ body }) => body), ['one', long, 'three'].map(body => `/echo ${encrypted} ${body};`))
    t.equal(new Set(responses.map(({ from }) => from)).size, 1, 'one connection')
    agent.destroy()
  }
})

t.test('responds to pipelined requests in order, however the bytes are split', async t => {
  const { port } = await listen(t)
  const requests = 'GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc' +
    'GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  for (const split of [0, 1, 2, 20, 40, 90]) {
    for (const tls of [false, true]) {
      const { client, received } = await visit(port, { tls })
      client.setNoDelay(true)
      client.write(requests.slice(0, split))
      await new Promise(resolve => setImmediate(resolve))
      client.write(requests.slice(split))
      t.strictSame((await received).match(/\/\d (true|false) \w*;/g), [`/1 ${tls} ;`, `/2 ${tls} abc;`, `/3 ${tls} ;`], `${split}`)
    }
  }
})

t.test('offers HTTP/1.1 by ALPN, and refuses clients that only support HTTP/2', async t => {
  const { server, port } = await listen(t)
  const both = connectTls({ port, host: '127.0.0.1', ca: ca.cert, ALPNProtocols: ['h2', 'http/1.1'] })
  await once(both, 'secureConnect')
  t.equal(both.alpnProtocol, 'http/1.1')
  both.destroy()
  const [error] = await once(connectTls({ port, host: '127.0.0.1', ca: ca.cert, ALPNProtocols: ['h2'] }), 'error')
  t.match(error, { code: /NO_APPLICATION_PROTOCOL/ })
  t.equal(await connectionsLeft(server), 0)
})

t.test('lets a handler reset a connection, with and without TLS', async t => {
  const { server, port } = await listen(t, { handler: ({ socket }) => { socket.resetAndDestroy() } })
  for (const secure of [false, true]) {
    const client = secure ? connectTls({ port, host: '127.0.0.1', ca: ca.cert }) : connect(port, '127.0.0.1')
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    const [error] = await once(client, 'error')
    t.match(error, { code: 'ECONNRESET' })
    t.equal(await connectionsLeft(server), 0)
  }
})

t.test('does not apply the handshake timeout to a connection whose protocol is known', async t => {
  const timers = holdTimers(t, LONG)
  const { server, port } = await listen(t, { handler: (_request, response) => { respond = () => response.end('late') } })
  let respond = () => {}
  const agents = [new http.Agent({ keepAlive: true }), new https.Agent({ keepAlive: true, ca: ca.cert })]
  for (const agent of agents) {
    const responded = ask(agent, port, '')
    await once(server, 'request')
    const { received } = await visit(port)
    await timers.set
    timers.fire()
    t.equal(await received, '')
    respond()
    t.equal((await responded).body, 'late')
    agent.destroy()
  }
})

t.test('closes pending and later connections when it closes', async t => {
  const { server, port, closePendingConnections } = await listen(t)
  const silent = await visit(port)
  const half = await visit(port)
  half.client.write(halfHello)
  const halfDone = await visit(port)
  halfDone.client.write(await clientHello())
  await once(halfDone.client, 'data')
  closePendingConnections()
  t.strictSame(await Promise.all([silent.received, half.received]), ['', ''])
  t.not(await halfDone.received, '', 'the server had started the handshake')
  t.equal(await (await visit(port)).received, '')
  await new Promise(resolve => server.close(resolve))
})

t.test('closes connections with an incomplete request after the grace period', async t => {
  const { server, port, closeLingeringConnections } = await listen(t)
  const header = await visit(port)
  header.client.write('GET / HTTP/1.1\r\nHo')
  const body = await visit(port)
  body.client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na')
  await once(server, 'request')
  const grace = holdTimers(t, CLOSE_GRACE_PERIOD)
  const closed = once(server, 'close')
  server.close()
  closeLingeringConnections()
  grace.fire()
  t.strictSame(await Promise.all([header.received, body.received]), ['', ''])
  await closed
})
