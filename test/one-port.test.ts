import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { ask, ca, clientHello, everything, halfHello, left, listen, visit } from './one-port.js'

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

t.test('drops newcomers when it closes, and who comes after', async t => {
  const { server, port, dropNewcomers } = await listen(t)
  const silent = await visit(port)
  const half = await visit(port)
  half.client.write(halfHello)
  const halfDone = await visit(port)
  halfDone.client.write(await clientHello())
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
