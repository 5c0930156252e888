import { once } from 'node:events'
import { connect, type AddressInfo, type Socket } from 'node:net'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { addBodyBudget } from '../../src/http/body-budget.js'
import { receivedText } from '../harness/one-port.js'

const KB = 1024

/** A server with a budget of 300 KB, and the paths of its requests in the order of handling. */
async function serve (t: Test) {
  const arrived: string[] = []
  const app = Fastify({ bodyLimit: 200 * KB })
  addBodyBudget(app, 300 * KB)
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/:name', async (request, reply) => {
    arrived.push(request.url)
    reply.header('Connection', 'close')
    return request.url
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
  t.match(await received[1], /\/two$/)
  t.match(await received[2], /\/three$/)
  t.strictSame(arrived, ['/two', '/three'])
  one.write('x'.repeat(150 * KB))
  t.match(await received[0], /\/one$/)
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
  t.match(await received, /\/four$/)
})

t.test('counts a chunked body as the largest that is accepted, and does not count a small one', async t => {
  const { arrived, post } = await serve(t)
  const first = await post('one', 0, 'Transfer-Encoding: chunked')
  const second = await post('two', 0, 'Transfer-Encoding: chunked')
  const small = await post('three', 1 * KB)
  const received = [first, second, small].map(receivedText)
  second.write('1\r\nx\r\n0\r\n\r\n')
  small.write('x'.repeat(1 * KB))
  t.match(await received[2], /\/three$/)
  first.write('1\r\nx\r\n0\r\n\r\n')
  t.match(await received[1], /\/two$/)
  t.strictSame(arrived, ['/three', '/one', '/two'])
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
