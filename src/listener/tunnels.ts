import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { parseAuthority, type Destination } from '../core/destinations.js'
import { closeGently } from './close-gently.js'
import { connected, dial, failureOf, type ListeningAddress } from './dial.js'
import { refusalOf, type Verdict } from './proxy-verdict.js'
import { refuse, type ErrorBody } from './refusal.js'

export interface ProxyOptions {
  verdictOf (destination: Destination): Verdict
  readonly errorBody: ErrorBody
  /** azrun's own address. */
  ownAddress (): ListeningAddress
  /** Called for each refused request, with its target host if it names one. */
  onRefused (reason: string, host?: string): void
}

/** Accepts a tunnel to an emulated host as a connection to this server. */
export type AcceptTunnel = (socket: Duplex, host: string) => void

const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n'

/** The tunnels that clients open with CONNECT, to azrun itself or to an allowed host. */
export class Tunnels {
  readonly #options: ProxyOptions
  readonly #tunnels = new WeakSet<Duplex>()
  readonly #upstreams = new Set<Duplex>()
  #isClosed = false

  constructor (options: ProxyOptions) {
    this.#options = options
  }

  /** Handles a CONNECT: the socket becomes a tunnel, or is refused. */
  connect ({ url }: IncomingMessage, socket: Duplex, head: Buffer, acceptTunnel: AcceptTunnel): void {
    socket.on('error', () => socket.destroy())
    if (this.#isClosed) { socket.destroy(); return }
    const destination = parseAuthority(url ?? '')
    if (destination === undefined) {
      this.#refuse(socket, 400, `CONNECT needs HOST:PORT, not ${JSON.stringify(url)}`)
      return
    }
    if (this.has(socket)) {
      this.#refuse(socket, 403, 'azrun does not open a tunnel within a tunnel')
      return
    }
    switch (this.#options.verdictOf(destination)) {
      case 'emulated':
        this.add(socket)
        if (head.length > 0) socket.unshift(head)
        socket.write(ESTABLISHED)
        acceptTunnel(socket, destination.host)
        break
      case 'allowed':
        this.#tunnelTo(destination, socket, head).catch((error: Error) => {
          const { status, reason } = failureOf(destination, error)
          if (!socket.destroyed) this.#refuse(socket, status, reason)
        })
        break
      default:
        this.#refuse(socket, 403, refusalOf(destination), destination.host)
    }
  }

  /** Marks a socket as inside a tunnel, so that it cannot open another one. */
  add (socket: Duplex): void {
    this.#tunnels.add(socket)
  }

  has (socket: Duplex): boolean {
    return this.#tunnels.has(socket)
  }

  /** Closes every tunnel to another host and opens no new ones. */
  close (): void {
    this.#isClosed = true
    for (const socket of this.#upstreams) socket.destroy()
  }

  async #tunnelTo (destination: Destination, socket: Duplex, head: Buffer): Promise<void> {
    const upstream = dial(destination, socket)
    this.#upstreams.add(upstream)
    upstream.once('close', () => this.#upstreams.delete(upstream))
    await connected(upstream, this.#options.ownAddress())
    upstream.once('close', () => closeGently(socket))
    socket.write(ESTABLISHED)
    upstream.write(head)
    socket.pipe(upstream).pipe(socket)
  }

  /** Also puts the reason in the status line: most clients show only that of a refused tunnel. */
  #refuse (socket: Duplex, status: number, reason: string, host?: string): void {
    this.#options.onRefused(reason, host)
    refuse(socket, { status, reason, phrase: reason }, this.#options.errorBody)
  }
}
