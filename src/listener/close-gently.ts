import type { Duplex } from 'node:stream'

/** Milliseconds for a client to close its side once azrun has sent everything, and bytes that it may send meanwhile. */
export const LINGER_TIME = 5_000
const LINGER_BYTES = 64 * 1024 * 1024

const closing = new WeakSet<Duplex>()

/**
 * Closes a connection so that the client gets what was sent before: ends this side, and discards what arrives until the
 * client ends its own. A system that closes a socket with unread data resets the connection, and the client's system
 * then drops what the client has not read yet (RFC 9112, 9.6).
 */
export function closeGently (socket: Duplex): void {
  if (closing.has(socket) || socket.destroyed) return
  closing.add(socket)
  let timer: NodeJS.Timeout | undefined
  let left = LINGER_BYTES
  // Node's parser must not parse what follows as requests.
  socket.removeAllListeners('data')
  socket.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) socket.destroy()
  })
  socket.on('error', () => socket.destroy())
  socket.once('close', () => clearTimeout(timer))
  socket.end()
  // To the stream, the parser's own reads look like a read in progress. This ends it.
  socket.push('')
  const limit = () => { timer = setTimeout(() => socket.destroy(), LINGER_TIME) }
  if (socket.writableFinished) limit()
  else socket.once('finish', limit)
  socket.resume()
}

/** Whether the connection is being closed: azrun sends nothing more and ignores what arrives. */
export function isClosing (socket: Duplex): boolean {
  return closing.has(socket)
}
