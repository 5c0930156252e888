import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { authorityOf, parseAuthority, type Destination } from '../core/destinations.js'
import { failureOf } from './dial.js'
import { forward } from './forward.js'
import { refusalOf } from './proxy-verdict.js'
import { refuse } from './refusal.js'
import type { ProxyOptions, Tunnels } from './tunnels.js'

/** Handles requests whose target is a path, or a whole URL as clients send it to a proxy. */
export function forwardProxy (handler: RequestListener, tunnels: Tunnels, options: ProxyOptions): RequestListener {
  const { verdictOf, errorBody, onRefused, ownAddress } = options
  const refuseRequest = (response: ServerResponse, status: number, reason: string, host?: string) => {
    onRefused(reason, host)
    refuse(response, { status, reason }, errorBody)
  }
  return (request, response) => {
    if (tunnels.has(request.socket)) sendEarlyContinue(request, response)
    if (request.url!.startsWith('/')) { handler(request, response); return }
    const [, scheme, authority, path, fragment] = /^(https?):\/\/([^/?#]*)([^#]*)(.*)/i.exec(request.url!) ?? []
    if (authority === undefined) { handler(request, response); return }
    const destination = parseAuthority(authority, scheme === 'http' ? 80 : 443)
    if (destination === undefined) {
      refuseRequest(response, 400, `${JSON.stringify(request.url)} names no host: give a whole URL, such as http://HOST/PATH`)
      return
    }
    const verdict = verdictOf(destination)
    if (verdict === 'emulated' || isItself(destination, request)) {
      // With the fragment, which no request may have, so that the contract check reports it.
      request.url = pathOf(`${path}${fragment}`)
      request.headers.host = authority
      handler(request, response)
    } else if (verdict === 'refused') {
      refuseRequest(response, 403, refusalOf(destination), destination.host)
    } else if (scheme === 'http') {
      forward(request, response, { destination, path: pathOf(path!), own: ownAddress() }).catch((error: Error) => {
        const { status, reason } = failureOf(destination, error)
        if (!response.destroyed) refuseRequest(response, status, reason)
      })
    } else {
      const tunnel = `CONNECT ${authorityOf(destination)}`
      refuseRequest(response, 400, `azrun does not forward https URLs: open a tunnel with ${tunnel}`)
    }
  }
}

/**
 * Python sends head and body separately and, through a proxy, with Nagle's algorithm: the body waits until the head is
 * acknowledged. Linux delays that by 40 ms unless it has something to send, such as a 100. Every client must accept a
 * 100 (RFC 9110, 15.2), but some, such as undici, close the connection if they did not ask for it.
 */
function sendEarlyContinue (request: IncomingMessage, response: ServerResponse): void {
  if (!/\bpython\b/i.test(request.headers['user-agent'] ?? '')) return
  setImmediate(() => {
    if (!request.complete && !response.headersSent && !response.destroyed) response.writeContinue()
  })
}

/** A server must accept whole URLs that name it (RFC 9112, 3.2.2). */
function isItself ({ host, port }: Destination, { socket }: IncomingMessage): boolean {
  return port === socket.localPort && ['localhost', '127.0.0.1', '::1', socket.localAddress].includes(host)
}

function pathOf (text: string): string {
  return text.startsWith('/') ? text : `/${text}`
}
