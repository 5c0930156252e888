import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { ca, everything, left, listen, visit } from './one-port.js'

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
