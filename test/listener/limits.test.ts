import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { cpuFor } from '../harness/cpu.js'
import { ca, connectionsLeft, listen, visit } from '../harness/one-port.js'

const POST = 'POST / HTTP/1.1\r\nHost: x\r\n'

/** Requests that never arrive in full, and the statuses that a client receives. A request gets one response only. */
const UNFINISHED: Readonly<Record<string, { readonly request: string, readonly statuses: readonly string[] }>> = {
  headers: { request: POST, statuses: ['408'] },
  'a body': { request: `${POST}Content-Length: 10\r\n\r\n{`, statuses: ['408'] },
  chunks: { request: `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`, statuses: ['408'] },
  'the rest of a body after its response': { request: `${POST}Early: 1\r\nContent-Length: 10\r\n\r\n{`, statuses: ['401'] },
  'the body of a pipelined request': { request: `GET /1 HTTP/1.1\r\nHost: x\r\n\r\n${POST}Content-Length: 10\r\n\r\n{`, statuses: ['200', '408'] }
}

for (const [what, { request, statuses }] of Object.entries(UNFINISHED)) {
  t.test(`stops waiting for ${what} at the request timeout, with and without TLS`, async t => {
    const { server, port } = await listen(t, {
      requestTimeout: 100,
      handler: (request, response) => {
        if (request.headers['early'] !== undefined) response.writeHead(401).end()
        else request.resume().once('end', () => response.end()).on('error', () => {})
      }
    })
    for (const tls of [false, true]) {
      const { client, received } = await visit(port, { tls })
      client.write(request)
      t.strictSame((await received).match(/(?<=HTTP\/1\.1 )\d+/g), statuses)
      t.equal(await connectionsLeft(server), 0)
    }
  })
}

t.test('by default waits 20 seconds for headers and 30 for a request, and keeps an idle connection for two minutes', async t => {
  const { server, port } = await listen(t)
  t.match(server, { headersTimeout: 20_000, requestTimeout: 30_000, keepAliveTimeout: 120_000 })
  const { client } = await visit(port)
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  t.match(`${(await once(client, 'data'))[0]}`, /\r\nKeep-Alive: timeout=120\r\n/)
  client.destroy()
})

/** Headers that a regular expression might match in quadratic time. */
const LONG_HEADERS: Readonly<Record<string, string>> = {
  Connection: `close,a${' '.repeat(15_000)}b`,
  'User-Agent': 'python'.repeat(2_500),
  Host: ':'.repeat(15_000),
  Expect: ` ${'1'.repeat(15_000)}`
}
const LONG_TARGETS = [`http://${'1:'.repeat(7_000)}/`, `http://[${':1'.repeat(7_000)}/`, `http://${'.'.repeat(14_000)}x/`, 'http:/'.repeat(2_000)]

t.test('handles long headers and targets in little CPU time', async t => {
  const neighbour = await listen(t)
  const { port } = await listen(t, { allowed: [`127.0.0.1:${neighbour.port}`] })
  const requests = [
    ...Object.entries(LONG_HEADERS).map(([name, value]) =>
      `GET http://127.0.0.1:${neighbour.port}/ HTTP/1.1\r\n${name === 'Host' ? '' : 'Host: x\r\n'}${name}: ${value}\r\n\r\n`),
    ...LONG_TARGETS.flatMap(target => [`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`, `CONNECT ${target.slice(7)} HTTP/1.1\r\nHost: x\r\n\r\n`])
  ]
  for (const request of requests) {
    const client = connect(port, '127.0.0.1')
    client.on('error', () => {})
    await once(client, 'connect')
    const cpu = await cpuFor(() => {
      client.write(request)
      return Promise.race([once(client, 'data'), once(client, 'close')])
    })
    client.destroy()
    t.ok(cpu < 150_000, `${cpu / 1000} ms for ${request.slice(0, 80)}`)
  }
})

t.test('does not renegotiate TLS 1.2', async t => {
  const { server, port } = await listen(t)
  const client = connectTls({ port, host: '127.0.0.1', ca: ca.cert, maxVersion: 'TLSv1.2' })
  client.on('error', () => {})
  await once(client, 'secureConnect')
  const error = await new Promise<Error | null>(resolve => {
    client.once('error', resolve)
    client.renegotiate({}, resolve)
  })
  t.match(error, { code: 'ERR_SSL_NO_RENEGOTIATION' })
  client.destroy()
  t.equal(await connectionsLeft(server), 0)
})
