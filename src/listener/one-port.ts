import { createServer, STATUS_CODES, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, TLSSocket } from 'node:tls'

export interface OnePortOptions {
  /** The certificate chain and its key, in PEM. */
  readonly cert: string
  readonly key: string
  /** Milliseconds in which a client must say what it speaks and end its TLS handshake. Default: 10 000. */
  readonly handshakeTimeout?: number
  /** The body of the answer to what is not HTTP. */
  malformedBody (reason: string): string
}

export interface OnePort {
  readonly server: Server
  /** Drops the clients that have not said yet what they speak, and any that still come: for when the server closes. */
  dropNewcomers (): void
  /** Gives the answers that are on their way a moment, then drops who is still there: see `dropNewcomers`. */
  dropLaggards (): void
}

/** The first byte of a TLS handshake record; no HTTP method begins with it. */
const TLS_HANDSHAKE = 0x16

/** How long a server that closes waits for answers to go out, and for requests to come in that are half sent. */
const PATIENCE = 500

/** Longer than any client keeps a connection it does not use: it is the client that closes, never a race. */
const KEEP_ALIVE = 120_000

const LIMITS = { keepAliveTimeout: KEEP_ALIVE, headersTimeout: 20_000, connectionsCheckingInterval: 5_000 }

/**
 * An HTTP server whose port takes TLS and plain HTTP alike: the first byte tells them apart. Both end at node's own
 * connection listener, so that parsing, time limits and keep-alive are node's for either.
 */
export function createOnePort (handler: RequestListener, options: OnePortOptions): OnePort {
  const server = createServer(LIMITS, handler)
  const [speakHttp] = server.listeners('connection') as [(socket: Socket) => void]
  const secureContext = createSecureContext({ cert: options.cert, key: options.key })
  const newcomers = new Set<Socket>()
  let dropping = false

  server.removeListener('connection', speakHttp)
  server.on('connection', (socket: Socket) => {
    if (dropping) { socket.destroy(); return }
    const patience = setTimeout(() => socket.destroy(), options.handshakeTimeout ?? 10_000)
    const accept = (stream: Socket) => {
      clearTimeout(patience)
      newcomers.delete(socket)
      speakHttp.call(server, stream)
    }
    newcomers.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      clearTimeout(patience)
      newcomers.delete(socket)
    })
    socket.once('readable', () => {
      const first: Buffer | null = socket.read(1)
      if (first === null) { socket.destroy(); return }
      socket.unshift(first)
      if (first[0] !== TLS_HANDSHAKE) { accept(socket); return }
      const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] })
      const leave = () => socket.destroy()
      secure.on('error', leave)
      // A client that does not trust the certificate, say: it ends its side, and this one would stay half open.
      secure.once('end', leave)
      secure.once('secure', () => {
        secure.removeListener('end', leave)
        accept(secure)
      })
    })
  })
  // An expectation that is not known may be passed over (RFC 9110, 10.1.1).
  server.on('checkExpectation', handler)
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket, options))

  return {
    server,
    dropNewcomers () {
      dropping = true
      for (const socket of newcomers) socket.destroy()
    },
    dropLaggards () {
      const patience = setTimeout(() => server.closeAllConnections(), PATIENCE)
      server.once('close', () => clearTimeout(patience))
    }
  }
}

function refuse ({ code, message }: NodeJS.ErrnoException, socket: Duplex, { malformedBody }: OnePortOptions): void {
  const answer = (socket as { _httpMessage?: ServerResponse })._httpMessage
  if (!socket.writable || code === 'ECONNRESET' || answer?.headersSent) { socket.destroy(); return }
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const body = malformedBody(message.replace(/^Parse Error: /, ''))
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n` +
    `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
