import { STATUS_CODES, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { authorityOf, createDestinations, parseAuthority, type Destination } from './destinations.js'
import { forward } from './forward.js'
import { rawAnswer } from './raw-answer.js'

export interface ProxyOptions {
  /** Whether azrun answers for this host, in lower case, itself. */
  isEmulated (host: string): boolean
  /** Hosts that clients are led to: `HOST`, for the ports of the web, or `HOST:PORT`. */
  readonly allowed: readonly string[]
  /** The body of the answer to a proxy request that fails with this status. */
  errorBody (status: number, reason: string): string
  /** Is told of each request that was not let through, and of the host that it was for. */
  onRefused (reason: string, host?: string): void
}

/** Takes a tunnel to an emulated host as a connection of the server's own. */
export type TakeTunnel = (socket: Duplex, host: string) => void

/** Milliseconds in which an allowed host must take the connection. */
const PATIENCE = 10_000

/** The proxy's part of the port: it leads to azrun itself or to an allowed host, and nowhere else. */
export class Proxy {
  readonly #options: ProxyOptions
  readonly #verdictOf: ReturnType<typeof createDestinations>
  readonly #tunnels = new WeakSet<Duplex>()
  readonly #led = new Set<Duplex>()
  #isClosed = false

  constructor (options: ProxyOptions) {
    this.#options = options
    this.#verdictOf = createDestinations(options.isEmulated, options.allowed)
  }

  /** A CONNECT: the socket becomes a tunnel, or is refused. */
  connect ({ url }: IncomingMessage, socket: Duplex, head: Buffer, takeTunnel: TakeTunnel): void {
    socket.on('error', () => socket.destroy())
    if (this.#isClosed) { socket.destroy(); return }
    const destination = parseAuthority(url ?? '')
    if (destination === undefined) {
      this.#refuse(socket, 400, `CONNECT needs HOST:PORT, not ${JSON.stringify(url)}`)
      return
    }
    if (this.#tunnels.has(socket)) {
      this.#refuse(socket, 403, 'azrun opens no tunnel within a tunnel')
      return
    }
    switch (this.#verdictOf(destination)) {
      case 'emulated':
        this.#tunnels.add(socket)
        if (head.length > 0) socket.unshift(head)
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        takeTunnel(socket, destination.host)
        break
      case 'allowed':
        this.#lead(socket, head, destination)
        break
      default:
        this.#refuse(socket, 403, refusalOf(destination), destination.host)
    }
  }

  /** Marks what was made of a tunnel, so that none is opened within it. */
  mark (socket: Duplex): void {
    this.#tunnels.add(socket)
  }

  /** The handler for requests with a path or, as a proxy gets them, a whole URL. */
  wrap (handler: RequestListener): RequestListener {
    return (request, response) => {
      if (this.#tunnels.has(request.socket)) hurry(request, response)
      if (request.url!.startsWith('/')) { handler(request, response); return }
      const [, scheme, authority, path] = /^(https?):\/\/([^/?#]*)([^#]*)/i.exec(request.url!) ?? []
      if (authority === undefined) { handler(request, response); return }
      const destination = parseAuthority(authority, scheme === 'http' ? 80 : 443)
      if (destination === undefined) {
        this.#answer(response, 400, `${JSON.stringify(request.url)} names no host`)
        return
      }
      const verdict = this.#verdictOf(destination)
      if (verdict === 'emulated' || isItself(destination, request)) {
        request.url = pathOf(path!)
        request.headers.host = authority
        handler(request, response)
      } else if (verdict === 'refused') {
        this.#answer(response, 403, refusalOf(destination), destination.host)
      } else if (scheme === 'http') {
        forward(request, response, destination, pathOf(path!), PATIENCE)
          .catch((error: Error) => this.#answer(response, 502, unreachable(destination, error)))
      } else {
        const tunnel = `CONNECT ${authorityOf(destination)}`
        this.#answer(response, 400, `azrun speaks no TLS for its clients: ask for a tunnel, with ${tunnel}`)
      }
    }
  }

  /** Ends every tunnel that leads to another host, and opens none from now on. */
  close (): void {
    this.#isClosed = true
    for (const socket of this.#led) socket.destroy()
  }

  #lead (socket: Duplex, head: Buffer, destination: Destination): void {
    const there = connect({ ...destination, timeout: PATIENCE })
    const fail = (error: Error) => this.#refuse(socket, 502, unreachable(destination, error))
    this.#led.add(there)
    there.once('timeout', () => there.destroy(new Error(`no answer within ${PATIENCE / 1000} s`)))
    there.once('error', fail)
    there.once('close', () => this.#led.delete(there))
    socket.once('close', () => there.destroy())
    there.once('connect', () => {
      there.setTimeout(0)
      there.removeListener('error', fail)
      there.on('error', () => socket.destroy())
      there.once('close', () => socket.end())
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      there.write(head)
      socket.pipe(there).pipe(socket)
    })
  }

  /** The reason is in the status line too: that is all that most clients show of a tunnel that was refused. */
  #refuse (socket: Duplex, status: number, reason: string, host?: string): void {
    this.#options.onRefused(reason, host)
    socket.end(rawAnswer(status, reason, this.#options.errorBody(status, reason)))
  }

  #answer (response: ServerResponse, status: number, reason: string, host?: string): void {
    this.#options.onRefused(reason, host)
    const body = this.#options.errorBody(status, reason)
    response.writeHead(status, STATUS_CODES[status], {
      'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body), Connection: 'close'
    }).end(body)
  }
}

/**
 * Python sends head and body apart and, through a proxy, with Nagle's algorithm: the body waits until the head has been
 * acknowledged, which Linux puts off for 40 ms unless there is something to send. Any client must take a 100 (RFC 9110,
 * 15.2), but undici, for one, breaks off at one that it did not ask for.
 */
function hurry (request: IncomingMessage, response: ServerResponse): void {
  if (!/\bpython\b/i.test(request.headers['user-agent'] ?? '')) return
  setImmediate(() => {
    if (!request.complete && !response.headersSent && !response.destroyed) response.writeContinue()
  })
}

function refusalOf (destination: Destination): string {
  const { host, port } = destination
  const option = port === 80 || port === 443 ? authorityOf(destination).replace(/:\d+$/, '') : authorityOf(destination)
  return `azrun is no way to ${host}: only Azure's hosts are answered here; ` +
    `add --allow-host ${option} to let it through`
}

function unreachable (destination: Destination, { message }: Error): string {
  return `${authorityOf(destination)} cannot be reached: ${message}`
}

/** A server takes whole URLs that name it (RFC 9112, 3.2.2). */
function isItself ({ host, port }: Destination, { socket }: IncomingMessage): boolean {
  return port === socket.localPort && ['localhost', '127.0.0.1', '::1', socket.localAddress].includes(host)
}

function pathOf (text: string): string {
  return text.startsWith('/') ? text : `/${text}`
}
