import type { FastifyRequest } from 'fastify'
import { AdminError } from './errors.js'

/** Two events, because a client that has gone away may only seem to have ended its side of the connection. */
const SIGNS = ['end', 'close'] as const

/** Calls `work` with a signal that aborts when the client ends its side of the connection. */
export async function untilGone<Result> ({ raw: { socket } }: FastifyRequest,
  work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const gone = new AbortController()
  const leave = () => gone.abort(new AdminError(408, 'the client has ended its side of the connection'))
  for (const sign of SIGNS) socket.once(sign, leave)
  // The end may have come with the request, before this.
  if (socket.readableEnded || socket.destroyed) leave()
  try {
    return await work(gone.signal)
  } finally {
    for (const sign of SIGNS) socket.removeListener(sign, leave)
  }
}
