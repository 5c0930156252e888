import type { FastifyRequest } from 'fastify'

/** A signal that aborts when the client of a request goes away before `work` has ended. */
export async function untilGone<Result> ({ raw: { socket } }: FastifyRequest,
  work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const gone = new AbortController()
  const leave = () => gone.abort(new Error('the client has gone away'))
  socket.once('close', leave)
  try {
    return await work(gone.signal)
  } finally {
    socket.removeListener('close', leave)
  }
}
