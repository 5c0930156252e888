import type { Duplex } from 'node:stream'

/** Milliseconds for a client to close its side once it was sent everything, and bytes that it may send meanwhile. */
export const LINGER_TIME = 5_000
const LINGER_BYTES = 64 * 1024 * 1024

const closing = new WeakSet<Duplex>()

/**
 * Closes a connection so that the client gets what was sent before: ends this side, and reads and discards what
 * arrives until the client ends its own. A system that closes a socket with unread data resets the connection, and the
 * client's system then drops what the client has not read yet (RFC 9112, 9.6).
 */
export function closeGently (socket: Duplex): void {
  if (closing.has(socket) || socket.destroyed) return
  closing.add(socket)
  let timer: NodeJS.Timeout | undefined
  let left = LINGER_BYTES
  // Node's parser must not take what follows for requests.
  socket.removeAllListeners('data')
  socket.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) socket.destroy()
  })
  socket.on('error', () => socket.destroy())
  socket.once('close', () => clearTimeout(timer))
  socket.end()
  // What the parser has read by itself looks to the stream like a read that has not ended yet.
  socket.push('')
  const limit = () => { timer = setTimeout(() => socket.destroy(), LINGER_TIME) }
  if (socket.writableFinished) limit()
  else socket.once('finish', limit)
  socket.resume()
}

/** Whether the connection is being closed: nothing more is sent, and what arrives does not matter. */
export function isClosing (socket: Duplex): boolean {
  return closing.has(socket)
}
