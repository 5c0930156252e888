import t from 'tap'
import { connectionsLeft, listen, visit } from '../harness/one-port.js'

/** Requests that a proxy and a server may delimit differently (RFC 9112, section 11.2), and some that are not HTTP. */
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
  'a Transfer-Encoding without chunked': {
    request: 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n0\r\n\r\n',
    status: 400
  },
  'a Transfer-Encoding that azrun does not decode': {
    request: 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    status: 501
  },
  'such a Transfer-Encoding in two headers, before the body': {
    request: 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: GZIP\r\nTransfer-Encoding: chunked\r\n\r\n',
    status: 501
  },
  'a space between a header and its colon': { request: 'GET / HTTP/1.1\r\nHost: x\r\nContent-Length : 4\r\n\r\n', status: 400 },
  'headers that are too large': { request: `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, status: 431 },
  'no Host': { request: 'GET / HTTP/1.1\r\n\r\n', status: 400 },
  'two different Host headers': { request: 'GET / HTTP/1.1\r\nHost: localhost\r\nhost: x\r\n\r\n', status: 400 },
  'the same Host header twice': { request: 'GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n', status: 400 },
  'a second Host header after thousands of headers': {
    request: `GET / HTTP/1.1\r\nHost: x\r\n${'x:\r\n'.repeat(3000)}Host: y\r\n\r\n`,
    status: 400
  },
  'another protocol': { request: 'SSH-2.0-OpenSSH_9.9\r\n', status: 400 },
  garbage: { request: '\0\x01\x02\xff\r\n\r\n', status: 400 }
}

for (const [what, { request, status }] of Object.entries(malformed)) {
  t.test(`responds with ${status} to ${what}, with and without TLS, and closes the connection`, async t => {
    let handled = 0
    const { server, port } = await listen(t, { handler: (_request, response) => { handled++; response.end() } })
    for (const tls of [false, true]) {
      const { client, received } = await visit(port, { tls })
      client.write(request, 'latin1')
      const responses = (await received).split(/(?=HTTP\/1\.1 )/)
      t.equal(responses.length, 1)
      t.match(responses[0], new RegExp(`^HTTP/1\\.1 ${status} `))
      t.match(responses[0], /\r\nConnection: close\r\n/i)
      t.equal(await connectionsLeft(server), 0)
    }
    t.equal(handled, 0, 'no request is handled')
  })
}

t.test('responds to a malformed request with the body that errorBody returns for the reason', async t => {
  const { port } = await listen(t)
  const { client, received } = await visit(port)
  client.write('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n')
  const [head, body] = (await received).split('\r\n\r\n') as [string, string]
  t.match(head, /Content-Type: application\/json; charset=utf-8/)
  t.match(head, `Content-Length: ${Buffer.byteLength(body)}`)
  t.strictSame(JSON.parse(body), { reason: 'Invalid character in Content-Length' })
})

t.test('responds with the reason to a request with no or several Host headers, even if it has an Expect header', async t => {
  const { port } = await listen(t)
  const faults = { '': 'it has no Host header', 'Host: x\r\nHost: y\r\n': 'it has several Host headers' }
  for (const [headers, reason] of Object.entries(faults)) {
    for (const expect of ['', 'Expect: something\r\n']) {
      const { client, received } = await visit(port)
      client.write(`POST / HTTP/1.1\r\n${headers}${expect}Content-Length: 0\r\n\r\n`)
      const [head, body] = (await received).split('\r\n\r\n') as [string, string]
      t.match(head, /^HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application\/json/)
      t.strictSame(JSON.parse(body), { reason })
    }
  }
})

t.test('says what is wrong with large headers, a slow request, and a request that ends too early', async t => {
  const { port } = await listen(t, { requestTimeout: 50 })
  for (const [request, ends, reason] of [
    [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, false,
      'its first line and headers have more than 16384 bytes: send fewer or shorter ones'],
    ['GET / HTTP/1.1\r\nHost: x\r\n', true, 'the connection ended before the request did'],
    ['GET / HTTP/1.1\r\nHost: x\r\n', false, 'it arrives too slowly, and azrun no longer waits for the rest']
  ] as const) {
    const { client, received } = await visit(port)
    client.write(request)
    if (ends) client.end()
    t.strictSame(JSON.parse((await received).split('\r\n\r\n')[1]!), { reason })
  }
})

t.test('says that it does not speak HTTP/2', async t => {
  const { port } = await listen(t)
  const { client, received } = await visit(port)
  client.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  t.match((await received).split('\r\n\r\n')[1], '"it is HTTP/2, and azrun speaks only HTTP/1.1')
})

t.test('says which transfer coding it does not decode', async t => {
  const { port } = await listen(t)
  for (const [encoding, reason] of [
    ['gzip, chunked', "its Transfer-Encoding is 'gzip, chunked', and azrun decodes only 'chunked'"],
    ['gzip', "its Transfer-Encoding is 'gzip', which does not end with 'chunked'"]
  ] as const) {
    const { client, received } = await visit(port)
    client.write(`POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: ${encoding}\r\n\r\n`)
    t.strictSame(JSON.parse((await received).split('\r\n\r\n')[1]!), { reason })
  }
})

t.test('accepts chunked in any case, with empty elements before it', async t => {
  const { port } = await listen(t)
  for (const encoding of ['Chunked', ',  chunked']) {
    const { client, received } = await visit(port)
    client.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: ${encoding}\r\n\r\n0\r\n\r\n`)
    t.match(await received, /^HTTP\/1.1 200/)
  }
})

t.test('accepts an HTTP/1.0 request without a Host header', async t => {
  const { port } = await listen(t)
  const { client, received } = await visit(port)
  client.write('GET / HTTP/1.0\r\n\r\n')
  t.match(await received, /^HTTP\/1\.1 200/)
})

t.test('ignores an unknown Expect header', async t => {
  const { port } = await listen(t)
  const { client, received } = await visit(port)
  client.write('POST / HTTP/1.1\r\nHost: localhost\r\nExpect: something\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  t.match(await received, /^HTTP\/1.1 200/)
})

t.test('responds with 400 to a chunk without a length', async t => {
  const { port } = await listen(t)
  const { client, received } = await visit(port)
  client.write('POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n')
  t.match(await received, /^HTTP\/1.1 400/)
})

t.test('reports each malformed request once, with its method and URL if they could be read', async t => {
  const reports: unknown[] = []
  const { port } = await listen(t, {
    onMalformed: (status, reason, request) => { reports.push([status, reason, request?.method, request?.url]) }
  })
  const chunked = 'POST /b HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n'
  for (const request of ['SSH-2.0-OpenSSH_9.9\r\n', 'GET /a HTTP/1.1\r\n\r\n', chunked]) {
    const { client, received } = await visit(port)
    client.write(request)
    await received
  }
  t.strictSame(reports, [
    [400, 'Invalid method encountered', undefined, undefined],
    [400, 'it has no Host header', 'GET', '/a'],
    [400, 'Invalid character in chunk size', 'POST', '/b']
  ])
})

t.test('reports a request whose body does not arrive, but not one whose headers do not arrive', async t => {
  const reports: unknown[] = []
  const { port } = await listen(t, {
    requestTimeout: 100,
    onMalformed: (status, _reason, request) => { reports.push([status, request?.url]) }
  })
  const requests = ['GET /a HTTP/1.1\r\nHost: loc', 'POST /b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n']
  for (const unfinished of requests) {
    const { client, received } = await visit(port)
    client.write(unfinished)
    t.match(await received, /^HTTP\/1.1 408/)
  }
  t.strictSame(reports, [[408, '/b']])
})
