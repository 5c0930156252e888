import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { progressOf } from './connection.js'

/** The requests of a connection that wait for their turn. */
interface Line {
  waiting: number
  last: ServerResponse
}

/** The most requests that wait on a connection before azrun stops reading from it. */
const MOST_WAITING = 16

/**
 * Handles the requests of a connection one after the other: each after the client's system has accepted the previous
 * response. Node itself would pass on all requests that it has read, maybe a thousand, and buffer all their responses
 * for a client that does not read them.
 */
export class Pipelines {
  readonly #lines = new WeakMap<Duplex, Line>()

  /** Calls `handle` when it is the request's turn: at once, unless it is pipelined after another. */
  take (request: IncomingMessage, response: ServerResponse, handle: () => void): void {
    if (response.socket !== null) { handle(); return }
    const { socket } = request
    const line = this.#lineOf(socket, response)
    line.waiting++
    line.last = response
    hold(socket, line)
    response.once('socket', () => {
      if (line.waiting-- === MOST_WAITING + 1) socket.resume()
      // Lets other connections run in between. The client may be gone by then.
      setImmediate(() => { if (!socket.destroyed) handle() })
    })
  }

  /**
   * Calls `then` once the responses to all complete requests on the connection are sent. A request whose body is
   * incomplete is no longer handled.
   */
  afterResponses (socket: Duplex, then: () => void): void {
    const line = this.#lines.get(socket)
    const { response: current } = progressOf(socket)
    const last = line !== undefined && line.waiting > 0 ? line.last : current
    if (last === undefined || (last === current && !last.req.complete)) then()
    else if (last.req.complete) last.once('close', keepUnread(socket, then))
    else last.removeAllListeners('socket').once('socket', keepUnread(socket, then))
  }

  #lineOf (socket: Duplex, last: ServerResponse): Line {
    const known = this.#lines.get(socket)
    if (known !== undefined) return known
    const line = { waiting: 0, last }
    this.#lines.set(socket, line)
    // Node resumes a connection after each request.
    socket.on('resume', () => hold(socket, line))
    return line
  }
}

/** Keeps what arrives in the socket until `then` is called, although Node resumes it after each request. */
function keepUnread (socket: Duplex, then: () => void): () => void {
  const keep = () => {}
  socket.on('readable', keep)
  socket.on('error', () => socket.destroy())
  return () => {
    socket.off('readable', keep)
    then()
  }
}

/** Stops reading while too many requests wait, unless the connection is being closed. */
function hold (socket: Duplex, { waiting }: Line): void {
  if (waiting > MOST_WAITING && socket.writable) socket.pause()
}
