import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { addJoinedChunks } from '../../src/http/joined-chunks.js'
import { receivedText } from '../harness/one-port.js'

/** A server that returns the number of parts in which it reads a body, and the body. */
async function serve (t: Test) {
  const app = Fastify()
  addJoinedChunks(app)
  app.addContentTypeParser('*', (_request, payload: Readable, done) => {
    const parts: Buffer[] = []
    payload.on('data', (part: Buffer) => { parts.push(part) })
    payload.once('error', done)
    payload.once('end', () => done(null, { parts: parts.length, text: Buffer.concat(parts).toString() }))
  })
  const untilFailed = new Promise<string>(resolve => {
    app.addHook('onError', async (_request, _reply, { message }) => resolve(message))
  })
  app.post('/', async ({ body }) => body)
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.teardown(() => app.close())
  const send = (head: string, body: string) => {
    const client = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    t.teardown(() => client.destroy())
    client.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: a/b\r\n${head}\r\n\r\n${body}`)
    return client
  }
  const responseTo = async (head: string, body: string) => {
    const text = await receivedText(send(head, body))
    return JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as { parts: number, text: string }
  }
  return { app, send, responseTo, untilFailed }
}

function chunkOf (text: string): string {
  return `${text.length.toString(16)}\r\n${text}\r\n`
}

t.test('a body in many small chunks is read in a few parts', async t => {
  const { responseTo } = await serve(t)
  const text = Array.from({ length: 40_000 }, (_, index) => index % 10).join('')
  const body = `${[...text].map(chunkOf).join('')}0\r\n\r\n`
  const { parts, text: received } = await responseTo('Transfer-Encoding: chunked', body)
  t.equal(received, text)
  t.ok(parts <= 4, `${parts} parts`)
})

t.test('chunks of all sizes arrive whole and in order', async t => {
  const { responseTo } = await serve(t)
  const texts = [1, 16_383, 1, 1, 16_384, 2, 100_000, 3].map((length, index) => `${index}`.repeat(length))
  const { text } = await responseTo('Transfer-Encoding: chunked', `${texts.map(chunkOf).join('')}0\r\n\r\n`)
  t.equal(text, texts.join(''))
  t.equal((await responseTo('Transfer-Encoding: chunked', '0\r\n\r\n')).text, '')
  t.equal((await responseTo('Content-Length: 3', 'abc')).text, 'abc')
})

t.test('a client that disconnects within its body ends the reading of it', async t => {
  const { app, send, untilFailed } = await serve(t)
  const client = send('Transfer-Encoding: chunked', '1\r\nx\r\n')
  await once(app.server, 'request')
  client.resetAndDestroy()
  t.equal(await untilFailed, 'aborted')
})
