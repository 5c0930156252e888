import { constants } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls'
import type { KeyPair } from '../certificates/key-pair.js'

export interface HandshakeOptions {
  /** Milliseconds for a client to send its first byte and finish its TLS handshake. Default: 10 000. */
  readonly handshakeTimeout?: number
  /** The certificate for an emulated host, or the port's own; called once for each, and again after a failure. */
  leafFor (host?: string): Promise<KeyPair>
}

/** The first byte of a TLS handshake record; no HTTP method starts with it. */
const TLS_HANDSHAKE = 0x16

/** Connections whose protocol is still unknown, or whose TLS handshake is in progress. */
export class Handshakes {
  readonly #timeout: number
  readonly #contextOf: (host?: string) => Promise<SecureContext>
  readonly #pending = new Set<Duplex>()
  #isClosed = false

  constructor (options: HandshakeOptions) {
    this.#timeout = options.handshakeTimeout ?? 10_000
    this.#contextOf = secureContexts(options)
  }

  /**
   * Tells TLS from plain HTTP by the first byte, then calls `serve` with the stream that speaks HTTP: the socket, or
   * TLS on top of it. `host` is the host of a tunnel.
   */
  accept (socket: Duplex, host: string | undefined, serve: (stream: Duplex) => void): void {
    if (this.#isClosed) { socket.destroy(); return }
    const timer = setTimeout(() => socket.destroy(), this.#timeout)
    const settle = () => {
      clearTimeout(timer)
      this.#pending.delete(socket)
    }
    const finish = (stream: Duplex) => {
      settle()
      serve(stream)
    }
    this.#pending.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', settle)
    socket.once('readable', () => {
      const first: Buffer | null = socket.read(1)
      if (first === null) { socket.destroy(); return }
      socket.unshift(first)
      if (first[0] !== TLS_HANDSHAKE) { finish(socket); return }
      this.#contextOf(host).then(context => startTls(socket, context, finish), error => socket.destroy(error))
    })
  }

  /** Closes the pending connections, and all later ones. */
  close (): void {
    this.#isClosed = true
    for (const socket of this.#pending) socket.destroy()
  }
}

/** TLS contexts: one per emulated host, and the port's own if no host is given. Each is created on first use. */
function secureContexts ({ leafFor }: HandshakeOptions): (host?: string) => Promise<SecureContext> {
  const contexts = new Map<string | undefined, Promise<SecureContext>>()
  return host => {
    const known = contexts.get(host)
    if (known !== undefined) return known
    const context = leafFor(host).then(contextOf)
    contexts.set(host, context)
    // Tries again for the next client, since the cause, such as a full disk, may be gone by then.
    context.catch(() => contexts.delete(host))
    return context
  }
}

/** A context without renegotiation, with which a client of TLS 1.2 could make the server compute endless handshakes. */
function contextOf (pair: KeyPair): SecureContext {
  return createSecureContext({ ...pair, secureOptions: constants.SSL_OP_NO_RENEGOTIATION })
}

function startTls (socket: Duplex, secureContext: SecureContext, onSecure: (secure: TLSSocket) => void): void {
  const secure = new TLSSocket(socket as Socket, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] })
  const leave = () => socket.destroy()
  secure.on('error', leave)
  // A client that does not trust the certificate only closes its own side.
  secure.once('end', leave)
  secure.once('secure', () => {
    secure.removeListener('end', leave)
    onSecure(secure)
  })
}
