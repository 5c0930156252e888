import type { FastifyRequest } from 'fastify'

/** The parts of a request that show how the caller reached azrun. */
export type ReachedBy = Pick<FastifyRequest, 'protocol' | 'host' | 'raw'>

/** The scheme and authority by which the caller reached azrun. HTTP/1.0 may leave out the Host header. */
export function originOf ({ protocol, host, raw: { socket } }: ReachedBy): string {
  if (host !== '') return `${protocol}://${host}`
  const address = socket.localAddress ?? ''
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${socket.localPort}`
}

/** The host name of the caller's URL, in lower case, without its port. */
export function hostNameOf (request: FastifyRequest): string {
  return request.hostname.toLowerCase()
}
