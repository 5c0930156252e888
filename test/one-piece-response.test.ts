import { once } from 'node:events'
import { connect } from 'node:net'
import type { ServerResponse } from 'node:http'
import t from 'tap'
import { everything, listen } from './one-port.js'

/** What a client is sent, after the head, by a server that answers so. */
async function sent (port: number, version = '1.1', method = 'GET'): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const said = everything(socket)
  socket.write(`${method} / HTTP/${version}\r\nHost: x\r\nConnection: close\r\n\r\n`)
  const text = await said
  return text.slice(text.indexOf('\r\n\r\n') + 4)
}

const ANSWERS: Readonly<Record<string, [answer: (response: ServerResponse) => void, content: string]>> = {
  'a text at once': [response => response.writeHead(200).end('content'), '7\r\ncontent\r\n0\r\n\r\n'],
  'a text of several bytes a character': [response => response.writeHead(200).end('ä😀'), '6\r\nä😀\r\n0\r\n\r\n'],
  'a text after another': [response => { response.writeHead(200).write('one'); response.end('two') }, '3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n'],
  'a text with its encoding': [response => response.writeHead(200).end('616263', 'hex'), '3\r\nabc\r\n0\r\n\r\n'],
  bytes: [response => response.writeHead(200).end(Buffer.from('content')), '7\r\ncontent\r\n0\r\n\r\n'],
  nothing: [response => response.writeHead(200).end(), '0\r\n\r\n'],
  'a text of a known length': [response => response.writeHead(200, { 'Content-Length': 7 }).end('content'), 'content'],
  'a text without a head': [response => response.end('content'), 'content']
}

for (const [what, [answer, content]] of Object.entries(ANSWERS)) {
  t.test(`sends ${what} as HTTP has it`, async t => {
    const { port } = await listen(t, { handler: (_request, response) => answer(response) })
    t.equal(await sent(port), content)
  })
}

t.test('sends no chunks to HTTP/1.0, and no content to HEAD', async t => {
  const { port } = await listen(t, { handler: (_request, response) => { response.writeHead(200).end('content') } })
  t.equal(await sent(port, '1.0'), 'content')
  t.equal(await sent(port, '1.1', 'HEAD'), '')
})

t.test('hands an answer that is there as a whole to the socket in one piece', async t => {
  let pieces = 0
  const { port } = await listen(t, {
    handler: (_request, response) => {
      const { socket } = response
      const write = socket!.write.bind(socket)
      const counting = (...args: Parameters<typeof write>) => {
        if (`${args[0]}` !== '') pieces++
        return write(...args)
      }
      Object.assign(socket!, { write: counting })
      response.writeHead(200).end('content')
    }
  })
  await sent(port)
  t.equal(pieces, 1)
})
