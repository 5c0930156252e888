import { createServer, STATUS_CODES, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls'
import type { KeyPair } from './certificates.js'
import { Proxy, type ProxyOptions } from './proxy.js'
import { rawAnswer } from './raw-answer.js'

export interface OnePortOptions extends ProxyOptions {
  /** The certificate chain and its key, in PEM. */
  readonly cert: string
  readonly key: string
  /** Milliseconds in which a client must say what it speaks and end its TLS handshake. Default: 10 000. */
  readonly handshakeTimeout?: number
  /** The certificate for a host that azrun answers for through its proxy; asked for once for each. */
  leafFor (host: string): Promise<KeyPair>
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
 * An HTTP server whose port takes TLS, plain HTTP and proxy requests alike: the first byte tells the former apart, and
 * what comes through a tunnel is taken as if it had come to the port. All end at node's own connection listener, so
 * that parsing, time limits and keep-alive are node's for each.
 */
export function createOnePort (handler: RequestListener, options: OnePortOptions): OnePort {
  const proxy = new Proxy(options)
  const server = createServer(LIMITS, proxy.wrap(handler))
  const [speakHttp] = server.listeners('connection') as [(socket: Duplex) => void]
  const ownContext = createSecureContext({ cert: options.cert, key: options.key })
  const contexts = new Map<string, Promise<SecureContext>>()
  const newcomers = new Set<Duplex>()
  let dropping = false

  const contextOf = (host: string): Promise<SecureContext> => {
    const kept = contexts.get(host)
    if (kept !== undefined) return kept
    const context = options.leafFor(host).then(createSecureContext)
    contexts.set(host, context)
    // What went wrong, a full disk say, may go well the next time.
    context.catch(() => contexts.delete(host))
    return context
  }

  const welcome = (socket: Duplex, host?: string) => {
    if (dropping) { socket.destroy(); return }
    const patience = setTimeout(() => socket.destroy(), options.handshakeTimeout ?? 10_000)
    const accept = (stream: Duplex) => {
      clearTimeout(patience)
      newcomers.delete(socket)
      speakHttp.call(server, stream)
    }
    const startTls = (secureContext: SecureContext) => {
      const secure = new TLSSocket(socket as Socket, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] })
      const leave = () => socket.destroy()
      secure.on('error', leave)
      // A client that does not trust the certificate, say: it ends its side, and this one would stay half open.
      secure.once('end', leave)
      secure.once('secure', () => {
        secure.removeListener('end', leave)
        if (host !== undefined) proxy.mark(secure)
        accept(secure)
      })
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
      if (first[0] !== TLS_HANDSHAKE) accept(socket)
      else if (host === undefined) startTls(ownContext)
      else contextOf(host).then(startTls, error => socket.destroy(error))
    })
  }

  server.removeListener('connection', speakHttp)
  server.on('connection', (socket: Socket) => welcome(socket))
  server.on('connect', (request, socket, head) => proxy.connect(request, socket, head, welcome))
  // An expectation that is not known may be passed over (RFC 9110, 10.1.1).
  server.on('checkExpectation', proxy.wrap(handler))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket, options))

  return {
    server,
    dropNewcomers () {
      dropping = true
      proxy.close()
      for (const socket of newcomers) socket.destroy()
    },
    dropLaggards () {
      const patience = setTimeout(() => server.closeAllConnections(), PATIENCE)
      server.once('close', () => clearTimeout(patience))
    }
  }
}

function refuse ({ code, message }: NodeJS.ErrnoException, socket: Duplex, { errorBody }: OnePortOptions): void {
  const answer = (socket as { _httpMessage?: ServerResponse })._httpMessage
  if (!socket.writable || code === 'ECONNRESET' || answer?.headersSent) { socket.destroy(); return }
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  socket.end(rawAnswer(status, STATUS_CODES[status]!, errorBody(status, message.replace(/^Parse Error: /, ''))))
}
