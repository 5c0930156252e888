import type { IncomingHttpHeaders } from 'node:http'

/** Headers for a single connection, which a proxy does not forward (RFC 9110, 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te',
  'trailer', 'transfer-encoding', 'upgrade']

/** Headers that say where a message goes and ends. A Connection header that names them does not remove them. */
const PROTECTED = ['host', 'content-length']

/** The headers of a message without those for a single connection, by Node's names. */
export function withoutHopByHop (headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = `${headers.connection ?? ''}`.toLowerCase().split(',').map(name => name.trim())
  const dropped = new Set([...HOP_BY_HOP, ...named.filter(name => !PROTECTED.includes(name))])
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)))
}
