import type { FastifyRequest } from 'fastify'

/** What a request tells of how the caller reached azrun. */
export type ReachedBy = Pick<FastifyRequest, 'protocol' | 'host' | 'raw'>

/** Scheme and authority by which the caller reached azrun; HTTP/1.0 may leave out the Host header. */
export function originOf ({ protocol, host, raw: { socket } }: ReachedBy): string {
  if (host !== '') return `${protocol}://${host}`
  const address = socket.localAddress ?? ''
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${socket.localPort}`
}
