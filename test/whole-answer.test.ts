import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { sendWhole, type WholeAnswer } from '../src/arm/whole-answer.js'
import { everything, listen } from './one-port.js'

const LENGTH = (size: number) => `Server: x\r\nContent-Length: ${size}\r\nDate: now\r\n`
const CHUNKED = 'Server: x\r\nDate: now\r\n'

const ANSWERS: Readonly<Record<string, WholeAnswer>> = {
  'a text of a known length': { status: 200, head: LENGTH(7), content: 'content' },
  'a text in a chunk': { status: 200, head: CHUNKED, content: 'content', chunked: true },
  'a text of several bytes a character': { status: 409, head: LENGTH(6), content: 'ä😀' },
  'such a text in a chunk': { status: 200, head: CHUNKED, content: 'ä😀', chunked: true },
  bytes: { status: 200, head: LENGTH(4), content: Buffer.from([0x1f, 0x8b, 0xff, 0x00]) },
  'bytes in a chunk': { status: 404, head: CHUNKED, content: Buffer.from([0x1f, 0x8b, 0xff, 0x00]), chunked: true },
  'a large text in a chunk': { status: 200, head: CHUNKED, content: 'x'.repeat(1_000_000), chunked: true },
  'no content': { status: 202, head: LENGTH(0), content: '' },
  'a header beyond ASCII': { status: 200, head: `Location: \xe4\r\n${LENGTH(0)}`, content: '' }
}

const REQUESTS: Readonly<Record<string, string>> = {
  'a request on a connection that stays open': 'GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  'requests sent at once': `${'GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3)}GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  'a client of HTTP/1.0': 'GET / HTTP/1.0\r\n\r\n',
  'a client of HTTP/1.0 that would go on': 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /last HTTP/1.0\r\n\r\n',
  HEAD: 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
}

for (const [what, answer] of Object.entries(ANSWERS)) {
  for (const [whom, request] of Object.entries(REQUESTS)) {
    t.test(`sends ${what} to ${whom} with node's own bytes`, async t => {
      const ours = await sent(t, request, response => sendWhole(response, answer))
      const nodes = await sent(t, request, response => byNode(response, answer))
      t.ok(ours.length > 0)
      t.ok(ours.equals(nodes), 'byte for byte', { ours: shown(ours), nodes: shown(nodes) })
    })
  }
}

t.test('sends node\'s own bytes when somebody has asked for the connection to be closed', async t => {
  const answer = ANSWERS['a text in a chunk']!
  const request = REQUESTS['a request on a connection that stays open']!
  const closing = (send: (response: ServerResponse, answer: WholeAnswer) => void) => (response: ServerResponse) => {
    response.setHeader('Connection', 'close')
    send(response, answer)
  }
  t.same(`${await sent(t, request, closing(sendWhole))}`, `${await sent(t, request, closing(byNode))}`)
})

for (const [what, limits] of Object.entries({
  'no time limit': { keepAliveTimeout: 0 },
  'another time limit': { keepAliveTimeout: 5500 },
  'a limit to the requests of a connection': { maxRequestsPerSocket: 2 }
})) {
  t.test(`sends node's own bytes where the server has ${what}`, async t => {
    const answer = ANSWERS['a text in a chunk']!
    const request = REQUESTS['requests sent at once']!
    const ours = await sent(t, request, response => sendWhole(response, answer), limits)
    t.same(`${ours}`, `${await sent(t, request, response => byNode(response, answer), limits)}`)
  })
}

t.test('hands an answer to the socket in one piece, and says when it is finished', async t => {
  let pieces = 0
  let finished: number | undefined
  await sent(t, REQUESTS['a request on a connection that stays open']!, response => {
    if (response.req.url === '/last') { response.end(); return }
    const { socket } = response
    const write = socket!.write.bind(socket)
    const counting = (...args: Parameters<typeof write>) => {
      pieces++
      return write(...args)
    }
    Object.assign(socket!, { write: counting })
    response.on('finish', () => { finished = response.statusCode })
    sendWhole(response, ANSWERS['such a text in a chunk']!)
    delete (socket as Partial<typeof socket> & { write?: unknown }).write
    t.ok(response.headersSent)
    t.ok(response.writableEnded)
  })
  t.equal(pieces, 1)
  t.equal(finished, 200)
})

/** Every byte that a server sends that answers each request so. */
async function sent (t: Test, request: string, answer: (response: ServerResponse) => void,
  limits: Partial<Server> = {}): Promise<Buffer> {
  const { port, server } = await listen(t, { handler: (_request, response) => answer(response) })
  Object.assign(server, limits)
  const socket = connect(port, '127.0.0.1').setEncoding('latin1')
  await once(socket, 'connect')
  const said = everything(socket)
  socket.write(request)
  return Buffer.from(await said, 'latin1')
}

function shown (bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1', 0, 500))
}

/** The same answer by what node offers to everybody. */
function byNode (response: ServerResponse, { status, head, content }: WholeAnswer): void {
  const headers = head.trimEnd().split('\r\n').flatMap(line => line.split(': '))
  response.writeHead(status, headers).end(content)
}
