import type { Duplex } from 'node:stream'

/** How long a client may take to close its side, in milliseconds, and how many bytes it may send meanwhile. */
export const LINGER_TIME = 5_000
const LINGER_BYTES = 64 * 1024 * 1024

const closing = new WeakSet<Duplex>()

/**
 * Closes a connection so that the client gets everything that was sent: ends this side, then reads and discards data
 * until the client ends its own. A system that closes a socket with unread data resets the connection, and the client's
 * system then drops data that the client has not read yet (RFC 9112, 9.6).
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
  // The parser reads by itself, so the stream believes that a read is still in progress.
  socket.push('')
  const limit = () => { timer = setTimeout(() => socket.destroy(), LINGER_TIME) }
  if (socket.writableFinished) limit()
  else socket.once('finish', limit)
  socket.resume()
}

/** Whether the connection is being closed, so that nothing more is sent and incoming data is ignored. */
export function isClosing (socket: Duplex): boolean {
  return closing.has(socket)
}
