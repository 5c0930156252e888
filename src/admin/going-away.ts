import type { FastifyRequest } from 'fastify'
import { AdminError } from './errors.js'

/** Both are needed: a client that has disconnected may seem to have ended only its side of the connection. */
const SIGNS = ['end', 'close'] as const

/** Runs `work` with a signal that aborts when the client ends its side of the connection. */
export async function untilGone<Result> ({ raw: { socket } }: FastifyRequest,
  work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const gone = new AbortController()
  const leave = () => gone.abort(new AdminError(408, 'the client has ended its side of the connection'))
  for (const sign of SIGNS) socket.once(sign, leave)
  try {
    return await work(gone.signal)
  } finally {
    for (const sign of SIGNS) socket.removeListener(sign, leave)
  }
}
