import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { finished } from 'node:stream'
import type { FastifyInstance, FastifyRequest, RequestPayload } from 'fastify'

/** The most bytes of bodies to receive at a time. */
const BUDGET = 64 * 1024 * 1024

/** Bodies up to this size are not counted: the system and Node buffer as much for each connection anyway. */
const SMALL = 64 * 1024

/** A body that waits for room. */
interface Waiting {
  readonly bytes: number
  start (): void
}

/**
 * Limits the memory for unfinished bodies. A body that would exceed the budget is not read until others are complete or
 * aborted. It counts with its Content-Length or, if that is unknown, with the limit of its route. Add it after
 * `addJoinedChunks`, which keeps small what has come of a waiting body.
 */
export function addBodyBudget (app: FastifyInstance, budget = BUDGET): void {
  let free = budget
  const waiting: Waiting[] = []
  const startNext = () => {
    while (waiting.length > 0 && waiting[0]!.bytes <= free) waiting.shift()!.start()
  }
  const enter = (bytes: number, request: IncomingMessage, body: RequestPayload, start: () => void) => {
    let held = 0
    let resume: (() => void) | undefined
    const entry = {
      bytes,
      start () {
        held = bytes
        free -= held
        resume?.()
        start()
      }
    }
    waiting.push(entry)
    finished(body, () => {
      const index = waiting.indexOf(entry)
      if (index >= 0) waiting.splice(index, 1)
      free += held
      startNext()
    })
    startNext()
    if (held === 0) resume = pause(request)
  }
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const bytes = bytesOf(request)
    if (bytes <= SMALL || request.raw.destroyed) done()
    else enter(Math.min(bytes, budget), request.raw, payload, done)
  })
}

/**
 * Stops reading from the connection of a request, and returns a function that continues. Node itself would read until
 * 16 KB of the body wait, which in chunks of one byte take 6 MB.
 */
function pause (request: IncomingMessage): () => void {
  const { socket } = request
  // Those of `app.inject` have no connection.
  if (!(socket instanceof Socket)) return () => {}
  // The request would make the connection continue.
  request._read = () => {}
  socket.pause()
  return () => {
    delete (request as Partial<IncomingMessage>)._read
    socket.resume()
  }
}

/** The bytes to receive for a request; 0 if its length is over the limit, so that its body is never read. */
function bytesOf (request: FastifyRequest): number {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding !== undefined) return request.routeOptions.bodyLimit
  if (length === undefined) return 0
  const bytes = Number(length)
  return bytes > SMALL && bytes > request.routeOptions.bodyLimit ? 0 : bytes
}
