import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { ca, listen, receivedText, visit, type Listening } from '../harness/one-port.js'

const AZURE = 'management.azure.com'
const emulating = { isEmulated: (host: string) => host === AZURE }

/** The ways in which a client can connect to the port. */
const TRANSPORTS: Readonly<Record<string, (port: number) => Promise<Socket>>> = {
  'plain HTTP': async port => (await visit(port)).client.removeAllListeners('data').pause(),
  TLS: async port => await secure(connect(port, '127.0.0.1')),
  'a tunnel': async port => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`CONNECT ${AZURE}:443 HTTP/1.1\r\nHost: x\r\n\r\n`)
    await once(socket, 'data')
    return await secure(socket.removeAllListeners('data'))
  }
}

async function secure (socket: Socket): Promise<Socket> {
  const secured = connectTls({ socket, ca: ca.cert, servername: AZURE, checkServerIdentity: () => undefined })
  await once(secured, 'secureConnect')
  return secured
}

/** Sends enough other requests that the server has handled everything that it can handle. */
async function settled ({ port }: Listening): Promise<void> {
  for (let index = 0; index < 50; index++) {
    const { client, received } = await visit(port)
    client.write('GET /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    await received
  }
}

const get = (path: string) => `GET /${path} HTTP/1.1\r\nHost: x\r\n\r\n`

for (const [transport, open] of Object.entries(TRANSPORTS)) {
  t.test(`over ${transport}, handles pipelined requests only as fast as the client reads the responses`, async t => {
    let handled = 0
    const large = 'x'.repeat(1_000_000)
    const listening = await listen(t, {
      ...emulating,
      handler: ({ url }, response) => {
        if (url === '/other') { response.end(); return }
        handled++
        response.end(`${large}<${url}>`)
      }
    })
    const client = await open(listening.port)
    const paths = Array.from({ length: 100 }, (_, index) => `${index}`)
    client.write(paths.map(get).join(''))
    await settled(listening)
    t.ok(handled < 20, `${handled} of 100 are handled`)
    client.write('GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    const received = receivedText(client)
    client.resume()
    t.strictSame((await received).match(/<\/\w+>/g), [...paths, 'last'].map(path => `</${path}>`))
  })

  t.test(`over ${transport}, stops reading from a client while its pipelined requests wait`, async t => {
    const raw: Socket[] = []
    let first: ServerResponse | undefined
    let handled = 0
    const listening = await listen(t, {
      ...emulating,
      handler: ({ url }, response) => {
        if (url !== '/other') handled++
        if (url === '/first') first = response
        else response.end(url)
      }
    })
    listening.server.prependListener('connection', (socket: Socket) => raw.push(socket))
    const client = await open(listening.port)
    client.write(get('first'))
    const requests = get('x'.repeat(1_000)).repeat(3_000)
    client.write(requests)
    await settled(listening)
    t.equal(handled, 1)
    t.ok(raw[0]!.bytesRead < 500_000, `${raw[0]!.bytesRead} bytes of ${requests.length}`)
    client.write('GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    const received = receivedText(client)
    client.resume()
    first!.end('first')
    t.match(await received, /\/last$/)
    t.equal(handled, 3_002)
  })
}

t.test('responds to every request of a client that has ended its side', async t => {
  const { port } = await listen(t)
  for (const paths of [['1'], ['1', '2', '3']]) {
    const { client, received } = await visit(port)
    client.end(paths.map(get).join(''))
    t.strictSame((await received).match(/\/\d (?=false)/g), paths.map(path => `/${path} `))
  }
})

t.test('responds to a CONNECT after the requests before it', async t => {
  for (const authority of [`${AZURE}:80`, 'example.com:443']) {
    let respond = () => {}
    const { port, server } = await listen(t, {
      ...emulating,
      handler: (request, response) => {
        respond = () => response.writeHead(202).end(request.url)
        request.resume()
      }
    })
    const { client, received } = await visit(port)
    client.write('POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody' +
      `CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\n`)
    await once(server, 'request')
    await settledSocket(client)
    client.end(get('2').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
    respond()
    if (authority.endsWith(':80')) {
      await once(server, 'request')
      respond()
    }
    const statuses = (await received).match(/HTTP\/1\.1 \d+/g)
    t.strictSame(statuses, authority.endsWith(':80')
      ? ['HTTP/1.1 202', 'HTTP/1.1 200', 'HTTP/1.1 202']
      : ['HTTP/1.1 202', 'HTTP/1.1 403'])
  }
})

t.test('responds to a malformed request after the requests before it, and handles no more', async t => {
  for (const malformed of ['garbage\r\n\r\n', 'POST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n']) {
    const urls: string[] = []
    let respond = () => {}
    const { port, server } = await listen(t, {
      handler: ({ url }, response) => {
        urls.push(url!)
        if (url === '/1') respond = () => response.end()
        else response.end()
      }
    })
    const { client, received } = await visit(port)
    client.write(`${get('1')}${get('2')}${malformed}`)
    await once(server, 'request')
    await settledSocket(client)
    respond()
    t.strictSame((await received).match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 400'])
    t.strictSame(urls, ['/1', '/2'])
  }
})

/** Waits a few turns of the event loop, in which the server in this process handles what it has received. */
async function settledSocket (socket: Socket): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
  socket.resume()
}
