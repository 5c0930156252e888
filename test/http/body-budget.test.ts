import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { addBodyBudget } from '../../src/http/body-budget.js'
import { addJoinedChunks } from '../../src/http/joined-chunks.js'
import { heapUsed } from '../harness/heap.js'
import { receivedText } from '../harness/one-port.js'

const KB = 1024

/** A server with a budget of 300 KB, and the paths of its requests in the order of handling. */
async function serve (t: Test) {
  const arrived: string[] = []
  const app = Fastify({ bodyLimit: 200 * KB })
  addJoinedChunks(app)
  addBodyBudget(app, 300 * KB)
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/:name', async (request, reply) => {
    arrived.push(request.url)
    reply.header('Connection', 'close')
    return `${request.url} ${(request.body as Buffer).length}`
  })
  app.get('/health', async () => 'ok')
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const { port } = app.server.address() as AddressInfo
  const post = async (name: string, bytes: number, header = `Content-Length: ${bytes}`): Promise<Socket> => {
    const client = connect(port, '127.0.0.1')
    t.teardown(() => client.destroy())
    client.write(`POST /${name} HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\n${header}\r\n\r\n`)
    await once(app.server, 'request')
    return client
  }
  return { app, arrived, post }
}

t.test('does not read a body that would exceed the budget before others have arrived', async t => {
  const { app, arrived, post } = await serve(t)
  const one = await post('one', 150 * KB)
  const two = await post('two', 150 * KB)
  const three = await post('three', 150 * KB)
  const received = [one, two, three].map(receivedText)
  three.write('x'.repeat(150 * KB))
  t.equal((await fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/health`)).status, 200)
  two.write('x'.repeat(150 * KB))
  t.match(await received[1], /\/two \d+$/)
  t.match(await received[2], /\/three \d+$/)
  t.strictSame(arrived, ['/two', '/three'])
  one.write('x'.repeat(150 * KB))
  t.match(await received[0], /\/one \d+$/)
})

t.test('frees the budget of clients that disconnect', async t => {
  const { post } = await serve(t)
  const first = await Promise.all([await post('one', 150 * KB), await post('two', 150 * KB)])
  const waiting = await post('three', 150 * KB)
  const next = await post('four', 150 * KB)
  const received = receivedText(next)
  next.write('x'.repeat(150 * KB))
  waiting.destroy()
  for (const client of first) client.destroy()
  t.match(await received, /\/four \d+$/)
})

t.test('a waiting request whose connection ends leaves the queue, and the others keep their places', async t => {
  const { app, post } = await serve(t)
  const sockets: Socket[] = []
  app.server.on('connection', socket => sockets.push(socket))
  const first = [await post('one', 150 * KB), await post('two', 150 * KB)]
  await post('gone', 150 * KB)
  const others = [await post('three', 150 * KB), await post('four', 150 * KB)]
  const received = others.map(receivedText)
  for (const client of others) client.write('x'.repeat(150 * KB))
  sockets[2]!.destroy()
  await once(sockets[2]!, 'close')
  for (const client of first) client.destroy()
  t.match(await received[0], /\/three \d+$/)
  t.match(await received[1], /\/four \d+$/)
})

t.test('counts a chunked body as the largest that is accepted, and does not count a small one', async t => {
  const { arrived, post } = await serve(t)
  const first = await post('one', 0, 'Transfer-Encoding: chunked')
  const second = await post('two', 0, 'Transfer-Encoding: chunked')
  const small = await post('three', 1 * KB)
  const received = [first, second, small].map(receivedText)
  second.write('1\r\nx\r\n0\r\n\r\n')
  small.write('x'.repeat(1 * KB))
  t.match(await received[2], /\/three \d+$/)
  first.write('1\r\nx\r\n0\r\n\r\n')
  t.match(await received[1], /\/two \d+$/)
  t.strictSame(arrived, ['/three', '/one', '/two'])
})

t.test('keeps little of a waiting body in many small chunks, and reads it whole when its turn comes', async t => {
  const { app, arrived, post } = await serve(t)
  const head = 'Transfer-Encoding: chunked'
  const first = [await post('one', 150 * KB), await post('two', 150 * KB)]
  const before = heapUsed()
  const waiting = await Promise.all(Array.from({ length: 20 }, (_, index) => index).map(async index => {
    const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    t.teardown(() => client.destroy())
    // The head comes with some of the body.
    client.write(`POST /${index} HTTP/1.1\r\nHost: x\r\nContent-Type: a/b\r\n${head}\r\n\r\n${'1\r\nx\r\n'.repeat(60_000)}0\r\n\r\n`)
    return client
  }))
  const received = waiting.map(receivedText)
  for (let turn = 0; turn < 20; turn++) await app.inject('/health')
  await fetch(`http://127.0.0.1:${(app.server.address() as AddressInfo).port}/health`)
  const mb = (heapUsed() - before) / KB / KB
  t.ok(mb < 20, `${mb} MB`)
  t.strictSame(arrived, [])
  for (const client of first) client.destroy()
  for (const text of await Promise.all(received)) t.match(text, /60000$/)
})

t.test('frees the budget of injected requests', async t => {
  const { app } = await serve(t)
  for (let index = 0; index < 5; index++) {
    const { statusCode } = await app.inject({ method: 'POST', url: '/one', headers: { 'content-type': 'a/b' }, body: 'x'.repeat(150 * KB) })
    t.equal(statusCode, 200)
  }
})

t.test('refuses a body that is too long at once, even if others wait', async t => {
  const { post } = await serve(t)
  await post('one', 150 * KB)
  await post('two', 150 * KB)
  await post('three', 150 * KB)
  const client = await post('four', 201 * KB)
  t.match(`${(await once(client, 'data'))[0]}`, /^HTTP\/1\.1 413/)
})
