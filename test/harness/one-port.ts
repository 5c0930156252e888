import { once } from 'node:events'
import http, { type IncomingMessage, type RequestListener, type Server } from 'node:http'
import https from 'node:https'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import type { Test } from 'tap'
import { createAuthority, createLeaf } from '../../src/certificates/x509.js'
import { createOnePort, type OnePortOptions } from '../../src/listener/one-port.js'

export const ca = await createAuthority()
const own = await createLeaf(ca, ['localhost', '127.0.0.1'])

/** Longer than any test may take: a connection that closes sooner closes for another reason. */
export const LONG = 600_000

export interface Listening {
  readonly server: Server
  readonly port: number
  closePendingConnections (): void
  closeLingeringConnections (): void
}

interface Options extends Partial<OnePortOptions> {
  readonly handler?: RequestListener
  readonly port?: number
}

/** Starts a server that echoes the URL and body of a request. It emulates no host and ends with the test. */
export async function listen (t: Test,
  { handler = echo, port = 0, ...options }: Options = {}): Promise<Listening> {
  const onePort = createOnePort(handler, {
    handshakeTimeout: LONG,
    leafFor: async host => host === undefined ? own : await createLeaf(ca, [host]),
    isEmulated: () => false,
    allowed: [],
    errorBody: (_status, reason) => JSON.stringify({ reason }),
    onRefused () {},
    onMalformed () {},
    ...options
  })
  t.teardown(() => {
    onePort.closePendingConnections()
    onePort.server.closeAllConnections()
    onePort.server.close()
  })
  await once(onePort.server.listen(port, '127.0.0.1'), 'listening')
  return { ...onePort, port: (onePort.server.address() as AddressInfo).port }
}

const echo: RequestListener = async (request, response) => {
  const body = await text(request).catch(() => 'incomplete')
  response.end(`${request.url} ${'encrypted' in request.socket} ${body};`)
}

export interface Visit {
  readonly client: Socket
  /** Resolves to all the text that the client receives. */
  readonly received: Promise<string>
}

/** Connects a client. */
export async function visit (port: number, { tls = false } = {}): Promise<Visit> {
  const options = { port, host: '127.0.0.1', allowHalfOpen: true }
  const client = tls ? connectTls({ ...options, ca: ca.cert }) : connect(options)
  const received = receivedText(client)
  await once(client, tls ? 'secureConnect' : 'connect')
  return { client, received }
}

/** The text that arrives until the other side ends or resets the connection. */
export function receivedText (client: Socket): Promise<string> {
  let received = ''
  client.on('data', (chunk: Buffer) => { received += chunk })
  client.on('error', () => {})
  return new Promise(resolve => {
    client.once('end', () => client.end())
    client.once('close', () => resolve(received))
  })
}

/** Waits until the server has no connections, and returns their number. If one stays open, the test times out. */
export async function connectionsLeft (server: Server): Promise<number> {
  const count = () => new Promise<number>((resolve, reject) =>
    server.getConnections((error, count) => error === null ? resolve(count) : reject(error)))
  while (await count() > 0) await new Promise(resolve => setImmediate(resolve))
  return await count()
}

/** Sends a request through the agent. `from` is the client's port, which identifies the connection. */
export async function ask (agent: http.Agent | https.Agent, port: number, body: string) {
  const send = agent instanceof https.Agent ? https.request : http.request
  const request = send({ agent, port, host: '127.0.0.1', path: '/echo', method: 'POST' }).end(body)
  const [response] = await once(request, 'response') as [IncomingMessage]
  const from = response.socket.localPort!
  return { body: await text(response), from }
}

/** The beginning of a TLS ClientHello. */
export const halfHello = Buffer.from('16030100c8010000c40303', 'hex')

/** The first bytes that a real TLS client sends. */
export async function clientHello (): Promise<Buffer> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client = connectTls((server.address() as AddressInfo).port, '127.0.0.1', { ca: ca.cert })
  client.on('error', () => {})
  const [socket] = await once(server, 'connection') as [Socket]
  const [hello] = await once(socket, 'data') as [Buffer]
  client.destroy()
  socket.destroy()
  server.close()
  return hello
}
