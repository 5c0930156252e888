import type { IncomingMessage } from 'node:http'
import { finished } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Bytes of bodies that are received at once. */
const BUDGET = 64 * 1024 * 1024

/** Shorter bodies are not counted: the system and Node hold as much for each connection anyway. */
const SMALL = 64 * 1024

/** A body that waits until others have arrived. */
interface Waiting {
  readonly bytes: number
  start (): void
}

/**
 * Bounds the memory for unfinished bodies: a body that would exceed the budget is not read until others have arrived,
 * or were given up. It counts with its length, or where that is not known, with the longest that its route accepts.
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

/** The bytes to be received for a request; 0 if it is refused for its length without being read. */
function bytesOf (request: FastifyRequest): number {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding !== undefined) return request.routeOptions.bodyLimit
  if (length === undefined) return 0
  const bytes = Number(length)
  return bytes > SMALL && bytes > request.routeOptions.bodyLimit ? 0 : bytes
}
