import type { IncomingMessage } from 'node:http'
import { finished } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'

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
 * aborted. It counts with its Content-Length or, if that is unknown, with the limit of its route.
 */
export function addBodyBudget (app: FastifyInstance, budget = BUDGET): void {
  let free = budget
  const waiting: Waiting[] = []
  const startNext = () => {
    while (waiting.length > 0 && waiting[0]!.bytes <= free) waiting.shift()!.start()
  }
  const enter = (bytes: number, body: IncomingMessage, start: () => void) => {
    let held = 0
    const entry = {
      bytes,
      start () {
        held = bytes
        free -= held
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
  }
  app.addHook('preParsing', (request, _reply, _payload, done) => {
    const bytes = bytesOf(request)
    if (bytes <= SMALL || request.raw.destroyed) done()
    else enter(Math.min(bytes, budget), request.raw, done)
  })
}

/** The bytes to receive for a request; 0 if its length is over the limit, so that its body is never read. */
function bytesOf (request: FastifyRequest): number {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding !== undefined) return request.routeOptions.bodyLimit
  if (length === undefined) return 0
  const bytes = Number(length)
  return bytes > SMALL && bytes > request.routeOptions.bodyLimit ? 0 : bytes
}
