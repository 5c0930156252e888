import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Destination } from '../core/destinations.js'
import { closeGently } from './close-gently.js'
import { forwardProxy } from './forward-proxy.js'
import { Handshakes, type HandshakeOptions } from './handshakes.js'
import { refuseMalformed, type MalformedOptions } from './malformed.js'
import { Pipelines } from './pipelines.js'
import { createVerdict, isOwnBy } from './proxy-verdict.js'
import { refuse } from './refusal.js'
import { faultOf } from './request-fault.js'
import { Tunnels, type ProxyOptions } from './tunnels.js'

export interface OnePortOptions extends Omit<ProxyOptions, 'verdictOf' | 'ownAddress'>, HandshakeOptions,
  MalformedOptions {
  /** Milliseconds for a request to arrive with its body. Default: 30 000. */
  readonly requestTimeout?: number
  /** Whether azrun emulates this host, which is in lower case. */
  isEmulated (host: string): boolean
  /** The names of azrun itself, in lower case. */
  readonly ownNames?: readonly string[]
  /** Hosts to forward to: `HOST`, for ports 80 and 443, or `HOST:PORT`. */
  readonly allowed: readonly string[]
}

/** A server, and the steps of closing it. */
export interface OnePort {
  readonly server: Server
  /** Closes connections whose protocol is not known yet, and all new ones. Called when the server closes. */
  closePendingConnections (): void
  /** Lets responses in progress finish for a moment, then closes all connections. Called when the server closes. */
  closeLingeringConnections (): void
}

/** How long a closing server waits for incomplete requests and for responses, in milliseconds. */
export const CLOSE_GRACE_PERIOD = 500

/** Longer than any client keeps an idle connection. The client closes it first, so there is no race. */
const KEEP_ALIVE_TIMEOUT = 120_000

/** Milliseconds for the headers of a request to arrive, and between two checks for late ones. */
const HEADERS_TIMEOUT = 20_000
const CHECKING_INTERVAL = 5_000

/**
 * An HTTP server that accepts TLS, plain HTTP and proxy requests on one port. It handles a tunnel like a new connection
 * to the port. All streams end at Node's own connection listener: Node does the parsing, timeouts and keep-alive.
 */
export function createOnePort (handler: RequestListener, options: OnePortOptions): OnePort {
  const { isEmulated, ownNames = [], allowed, errorBody, onRefused } = options
  const server = createServer(limitsOf(options))
  // By default Node drops the headers after the 2000th, even Host. Their length is limited anyway.
  server.maxHeadersCount = 0
  // A client that ends its side after its requests still gets the responses.
  Object.assign(server, { httpAllowHalfOpen: true })
  const ownAddress = () => server.address()
  const isOwn = (destination: Destination) => isOwnBy(ownNames, portOf(server), destination)
  const proxy = { verdictOf: createVerdict(isEmulated, allowed, isOwn), errorBody, onRefused, ownAddress }
  const pipelines = new Pipelines()
  const tunnels = new Tunnels(proxy)
  const handshakes = new Handshakes(options)
  const sockets = new Set<Socket>()
  const handle = inTurn(pipelines, forwardProxy(handler, tunnels, proxy), options)
  const [speakHttp] = server.listeners('connection') as [(stream: Duplex) => void]
  const accept = (socket: Duplex, host?: string) => handshakes.accept(socket, host, stream => {
    if (host !== undefined) tunnels.add(stream)
    // Node calls this after a response that closes the connection.
    Object.assign(stream, { destroySoon: () => closeGently(stream) })
    // Node cannot reset a TLS connection by itself.
    if (stream !== socket) Object.assign(stream, { resetAndDestroy: () => (socket as Socket).resetAndDestroy() })
    speakHttp.call(server, stream)
  })

  server.removeListener('connection', speakHttp)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    accept(socket)
  })
  server.on('request', handle)
  // An unknown expectation may be ignored (RFC 9110, 10.1.1).
  server.on('checkExpectation', handle)
  server.on('connect', (request, socket, head) =>
    pipelines.afterResponses(socket, () => tunnels.connect(request, socket, head, accept)))
  server.on('clientError', (error, socket) => refuseMalformed(error, socket, pipelines, options))

  return {
    server,
    closePendingConnections () {
      tunnels.close()
      handshakes.close()
    },
    closeLingeringConnections () {
      const timer = setTimeout(() => sockets.forEach(socket => socket.destroy()), CLOSE_GRACE_PERIOD)
      server.once('close', () => clearTimeout(timer))
    }
  }
}

function limitsOf ({ requestTimeout = 30_000 }: OnePortOptions): ServerOptions {
  return {
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    requestTimeout,
    headersTimeout: Math.min(HEADERS_TIMEOUT, requestTimeout),
    connectionsCheckingInterval: Math.min(CHECKING_INTERVAL, requestTimeout),
    // Node's own refusal has no body.
    requireHostHeader: false
  }
}

function portOf (server: Server): number | undefined {
  return (server.address() as AddressInfo | null)?.port
}

/** Handles each request in its turn, or refuses it before its body is read. */
function inTurn (pipelines: Pipelines, handle: RequestListener,
  { errorBody, onMalformed }: MalformedOptions): RequestListener {
  return (request, response) => pipelines.take(request, response, () => {
    const fault = faultOf(request)
    if (fault === undefined) { handle(request, response); return }
    onMalformed(fault.status, fault.reason, request)
    refuse(response, fault, errorBody)
  })
}
