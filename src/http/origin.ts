import type { FastifyRequest } from 'fastify'

/** The parts of a request that tell by which address the client reached azrun. */
export type ReachedBy = Pick<FastifyRequest, 'protocol' | 'host' | 'raw'>

/** The scheme and authority by which the client reached azrun. HTTP/1.0 may omit the Host header. */
export function originOf ({ protocol, host, raw: { socket } }: ReachedBy): string {
  if (host !== '') return `${protocol}://${host}`
  const address = socket.localAddress ?? ''
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${socket.localPort}`
}

/** The host name in the client's URL, in lower case and without the port. */
export function hostNameOf (request: FastifyRequest): string {
  return request.hostname.toLowerCase()
}
