import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { headerEntries, headerText, type HttpResponse } from '../../src/http/response.js'
import { writeResponse } from '../../src/http/write-response.js'
import { listen, receivedText } from '../harness/one-port.js'

const LENGTH = (size: number) => headerText(['Server', 'x', 'Content-Length', `${size}`, 'Date', 'now'])
const CHUNKED = headerText(['Server', 'x', 'Content-Type', 'y', 'Date', 'now'])

const RESPONSES: Readonly<Record<string, HttpResponse>> = {
  'a text with a length': { status: 200, headers: LENGTH(7), body: 'content' },
  'a text in a chunk': { status: 200, headers: CHUNKED, body: 'content', chunked: true },
  'a multi-byte text': { status: 409, headers: LENGTH(6), body: 'ä😀' },
  'a multi-byte text in a chunk': { status: 200, headers: CHUNKED, body: 'ä😀', chunked: true },
  bytes: { status: 200, headers: LENGTH(4), body: Buffer.from([0x1f, 0x8b, 0xff, 0x00]) },
  'bytes in a chunk': { status: 404, headers: CHUNKED, body: Buffer.from([0x1f, 0x8b, 0xff, 0x00]), chunked: true },
  'a large text in a chunk': { status: 200, headers: CHUNKED, body: 'x'.repeat(1_000_000), chunked: true },
  'no content': { status: 202, headers: LENGTH(0) },
  'a header beyond ASCII': { status: 200, headers: headerText(['Location', '\xe4']) + LENGTH(0), body: '' }
}

const REQUESTS: Readonly<Record<string, string>> = {
  'a client that keeps its connection': 'GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'pipelined requests': `${'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3)}GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  'an HTTP/1.0 client': 'GET / HTTP/1.0\r\n\r\n',
  'an HTTP/1.0 client with keep-alive': 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /last HTTP/1.0\r\n\r\n',
  'a HEAD request': 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
}

for (const [what, value] of Object.entries(RESPONSES)) {
  for (const [whom, request] of Object.entries(REQUESTS)) {
    t.test(`sends ${what} to ${whom} with the same bytes as Node`, async t => {
      const ours = await sent(t, request, response => writeResponse(response, value))
      const nodes = await sent(t, request, response => byNode(response, value))
      t.ok(ours.length > 0)
      t.ok(ours.equals(nodes), 'byte for byte', { ours: shown(ours), nodes: shown(nodes) })
    })
  }
}

t.test('sends the same bytes as Node if Connection: close is set', async t => {
  const value = RESPONSES['a text in a chunk']!
  const request = REQUESTS['a client that keeps its connection']!
  const closing = (send: (response: ServerResponse, value: HttpResponse) => void) => (response: ServerResponse) => {
    response.setHeader('Connection', 'close')
    send(response, value)
  }
  t.same(`${await sent(t, request, closing(writeResponse))}`, `${await sent(t, request, closing(byNode))}`)
})

t.test('announces and closes the connection after the last response', async t => {
  const value = RESPONSES['a text with a length']!
  const requests = REQUESTS['pipelined requests']!
  const ours = await sent(t, requests, response => writeResponse(response, { ...value, close: true }))
  const closing = { ...value, headers: value.headers + headerText(['Connection', 'close']) }
  const nodes = await sent(t, requests, response => byNode(response, closing))
  t.same(`${ours}`, `${nodes}`)
  t.equal(`${ours}`.match(/HTTP\/1\.1 200/g)?.length, 1)
})

for (const [what, limits] of Object.entries({
  'no keep-alive timeout': { keepAliveTimeout: 0 },
  'another keep-alive timeout': { keepAliveTimeout: 5500 },
  'a limit of requests for each connection': { maxRequestsPerSocket: 2 }
})) {
  t.test(`sends the same bytes as Node if the server has ${what}`, async t => {
    const value = RESPONSES['a text in a chunk']!
    const request = REQUESTS['pipelined requests']!
    const ours = await sent(t, request, response => writeResponse(response, value), limits)
    t.same(`${ours}`, `${await sent(t, request, response => byNode(response, value), limits)}`)
  })
}

for (const name of ['_header', '_keepAliveTimeout', '_maxRequestsPerSocket']) {
  t.test(`sends the same bytes as Node if Node no longer has ${name}`, async t => {
    const value = RESPONSES['a text in a chunk']!
    const request = REQUESTS['pipelined requests']!
    const without = (response: ServerResponse): ServerResponse => new Proxy(response, {
      get: (target, key) => {
        if (key === name) return undefined
        const found = Reflect.get(target, key)
        return typeof found === 'function' && key !== 'writeHead' ? found.bind(target) : found
      },
      set: (target, key, found) => key === name || Reflect.set(target, key, found)
    })
    const ours = await sent(t, request, response => writeResponse(without(response), value))
    t.same(`${ours}`, `${await sent(t, request, response => byNode(response, value))}`)
  })
}

t.test('writes a response to the socket in one piece and emits the finish event', async t => {
  let pieces = 0
  let finished: number | undefined
  await sent(t, REQUESTS['a client that keeps its connection']!, response => {
    if (response.req.url === '/last') { response.end(); return }
    const { socket } = response
    const write = socket!.write.bind(socket)
    const counting = (...args: Parameters<typeof write>) => {
      pieces++
      return write(...args)
    }
    Object.assign(socket!, { write: counting })
    response.on('finish', () => { finished = response.statusCode })
    writeResponse(response, RESPONSES['a multi-byte text in a chunk']!)
    delete (socket as Partial<typeof socket> & { write?: unknown }).write
    t.ok(response.headersSent)
    t.ok(response.writableEnded)
  })
  t.equal(pieces, 1)
  t.equal(finished, 200)
})

/** Every byte that a server sends if it responds to each request in this way. */
async function sent (t: Test, request: string, respond: (response: ServerResponse) => void,
  limits: Partial<Server> = {}): Promise<Buffer> {
  const { port, server } = await listen(t, { handler: (_request, response) => respond(response) })
  Object.assign(server, limits)
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  await once(socket, 'connect')
  const received = receivedText(socket)
  socket.write(request)
  return Buffer.from(await received, 'latin1')
}

function shown (bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1', 0, 500))
}

/** Sends the same response with Node's public API. */
function byNode (response: ServerResponse, { status, headers, body, chunked }: HttpResponse): void {
  const isInChunks = chunked && response.req.httpVersion === '1.1'
  const framed = isInChunks ? headers.replace('Content-Type', 'Transfer-Encoding: chunked\r\nContent-Type') : headers
  response.writeHead(status, headerEntries(framed)).end(body)
}
