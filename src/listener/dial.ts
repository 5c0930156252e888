import { connect, isIP, type Server, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { authorityOf, type Destination } from '../core/destinations.js'
import type { Refusal } from './refusal.js'

/** The timeout for connecting to an allowed host, in milliseconds. */
const CONNECT_TIMEOUT = 10_000

/** Where azrun's server listens; null once it is closed. */
export type ListeningAddress = ReturnType<Server['address']>

/** An allowed host is azrun itself: a forwarded request would come back forever. */
class OwnAddress extends Error {}

/** The response of an allowed host cannot be returned to the client. */
export class InvalidResponse extends Error {}

/** Starts to connect to an allowed host. The connection ends when `client` emits 'close'. */
export function dial (destination: Destination, client: NodeJS.EventEmitter): Socket {
  const socket = connect({ ...destination, timeout: CONNECT_TIMEOUT })
  client.once('close', () => socket.destroy())
  return socket
}

/**
 * Resolves once the socket is connected. Rejects if that fails, and with `OwnAddress` if it is connected to `own`. Only
 * a connection shows that, because a name may resolve to any address.
 */
export async function connected (socket: Socket, own: ListeningAddress): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('timeout', () => socket.destroy(new Error(`no connection within ${CONNECT_TIMEOUT / 1000} s`)))
    socket.once('close', () => reject(new Error('the connection was closed')))
    socket.on('error', reject)
    socket.once('connect', resolve)
  })
  socket.setTimeout(0)
  if (isAt(own, socket)) {
    socket.destroy()
    throw new OwnAddress()
  }
}

/** The refusal of a request that could not be forwarded to an allowed host. */
export function failureOf (destination: Destination, error: Error): Refusal {
  const authority = authorityOf(destination)
  if (error instanceof OwnAddress) {
    return { status: 403, reason: `azrun does not forward to ${authority}, which is azrun itself: connect to it without a proxy` }
  }
  const failed = error instanceof InvalidResponse ? 'has not sent a valid response' : 'cannot be reached'
  return { status: 502, reason: `${authority} ${failed}: ${error.message}` }
}

/** Whether the socket is connected to the address of azrun. `::` and `0.0.0.0` are all addresses of this machine. */
function isAt (own: ListeningAddress, { remoteAddress = '', remotePort }: Socket): boolean {
  if (own === null || typeof own === 'string' || remotePort !== own.port) return false
  const address = plain(remoteAddress)
  if (own.address !== '::' && own.address !== '0.0.0.0') return address === plain(own.address)
  return address === '::1' || address.startsWith('127.') ||
    Object.values(networkInterfaces()).some(locals => locals?.some(local => local.address === address))
}

/** An address without the zone of a link; an IPv4-mapped one as the IPv4 address. */
function plain (address: string): string {
  const unmapped = address.replace(/^::ffff:/i, '')
  return isIP(unmapped) === 4 ? unmapped : address.replace(/%.*/, '')
}
